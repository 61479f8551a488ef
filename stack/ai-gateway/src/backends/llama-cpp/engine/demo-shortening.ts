import type { LlamaModel } from 'node-llama-cpp';
import type { WorkerMessage } from './inference-protocol.ts';

/** Share of the context that a demo model's system text may fill; what is beyond it would leave no room for the talk. */
const DEMO_SYSTEM_SHARE = 0.25;
const TURNS_KEPT = 3;

/**
 * Keeps what the context of the demo model can hold: the end of the system text and the last turns.
 *
 * It understands nothing either way, and a first chat must not fail because a skill is longer than its context. A real
 * model gets everything or an error.
 */
export function shortenForDemo(
  messages: readonly WorkerMessage[],
  model: LlamaModel,
  contextSize: number,
): WorkerMessage[] {
  const budget = Math.floor(contextSize * DEMO_SYSTEM_SHARE);
  const kept = messages.filter(
    (message, index) => message.role === 'system' || index >= messages.length - TURNS_KEPT,
  );
  return kept.map((message) => {
    const tokens = model.tokenize(message.text);
    return tokens.length <= budget ? message : { ...message, text: model.detokenize(tokens.slice(-budget)) };
  });
}
