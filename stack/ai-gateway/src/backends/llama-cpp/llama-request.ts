import { GatewayError } from '../../gateway-error.ts';
import type { JsonObject } from '../../json.ts';
import type { ChatMessage } from '../../pipeline/generation-request.ts';
import { textOf } from '../../skills/message-text.ts';
import { type Sampling, SamplingSchema, type WorkerMessage } from './worker-protocol.ts';

/** llama.cpp's chat templates know three roles; what a tool said is told as the user's words. */
export function toWorkerMessage(message: ChatMessage): WorkerMessage {
  const text = textOf(message);
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', text };
    case 'assistant':
      return { role: 'assistant', text };
    case 'tool':
    case 'function':
      return { role: 'user', text: `Result of the tool:\n${text}` };
    case 'user':
      return { role: 'user', text };
  }
}

/** Picks the sampling fields llama.cpp has a use for; the others of the OpenAI API are ignored, as other servers do. */
export function toSampling(fields: Readonly<JsonObject>): Sampling {
  const { stop } = fields;
  const parsed = SamplingSchema.safeParse({
    maxTokens: fields.max_completion_tokens ?? fields.max_tokens ?? undefined,
    temperature: fields.temperature ?? undefined,
    topP: fields.top_p ?? undefined,
    seed: fields.seed ?? undefined,
    stop: typeof stop === 'string' ? [stop] : (stop ?? undefined),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = PARAMETERS[String(issue?.path[0])] ?? 'stop';
  throw new GatewayError('invalid_request', `"${param}" is out of range: ${issue?.message ?? 'invalid'}.`, {
    param,
  });
}

const PARAMETERS: Readonly<Record<string, string>> = {
  maxTokens: 'max_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  seed: 'seed',
};
