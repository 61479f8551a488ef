import { isJsonObject, type JsonObject } from '../../json.ts';
import { firstChoice, readUsage, readWords, type TokenCounts } from '../answers/read-choice.ts';
import type { AnswerContext } from '../dialect.ts';

/** A `chat.completion` as Anthropic's message. */
export function toMessage(body: JsonObject, context: AnswerContext): JsonObject {
  const choice = firstChoice(body);
  const { calls, reasoning, refusal, text } = readWords(choice?.message);
  const content: JsonObject[] = [];
  if (reasoning !== '' && showsThinking(context))
    content.push({ type: 'thinking', thinking: reasoning, signature: '' });
  if (text + refusal !== '') content.push({ type: 'text', text: text + refusal, citations: null });
  for (const [slot, call] of calls.entries()) content.push(toToolUse(call, slot, context));
  return {
    ...messageHead(body, context),
    content,
    ...stopOf(choice, calls.length > 0, refusal !== '', context),
    usage: toUsage(readUsage(body.usage)),
    ...('skilldeck' in body ? { skilldeck: body.skilldeck } : {}),
  };
}

export function messageHead(body: JsonObject, { model, requestId }: AnswerContext): JsonObject {
  return {
    id: `msg_${requestId.replace(/^req_/, '')}`,
    type: 'message',
    role: 'assistant',
    model: model ?? body.model ?? '',
  };
}

/** Thoughts are told, unless the caller has switched them off or wants them left out. */
export function showsThinking({ body }: AnswerContext): boolean {
  const { thinking } = body;
  return !isJsonObject(thinking) || (thinking.type !== 'disabled' && thinking.display !== 'omitted');
}

export function stopOf(
  choice: JsonObject | undefined,
  hasCalls: boolean,
  hasRefused: boolean,
  { body }: AnswerContext,
): { stop_reason: string; stop_sequence: string | null } {
  const sequence = stopSequence(choice, body.stop_sequences);
  return {
    stop_reason: stopReason(choice?.finish_reason, hasCalls, hasRefused, sequence),
    stop_sequence: sequence,
  };
}

function stopReason(
  reason: unknown,
  hasCalls: boolean,
  hasRefused: boolean,
  sequence: string | null,
): string {
  if (reason === 'length') return 'max_tokens';
  if (reason === 'content_filter' || hasRefused) return 'refusal';
  if (hasCalls || reason === 'tool_calls' || reason === 'function_call') return 'tool_use';
  return sequence === null ? 'end_turn' : 'stop_sequence';
}

/** Some servers (vLLM) say in `stop_reason` which sequence it was; OpenAI's own wire format has no place for it. */
function stopSequence(choice: JsonObject | undefined, sequences: unknown): string | null {
  const said = choice?.stop_reason;
  return typeof said === 'string' && Array.isArray(sequences) && sequences.includes(said) ? said : null;
}

/** Anthropic counts cached tokens apart, OpenAI among the others. */
export function toUsage(tokens: TokenCounts | undefined): JsonObject {
  const { cached, input, output } = tokens ?? { cached: 0, input: 0, output: 0 };
  return {
    input_tokens: Math.max(0, input - cached),
    output_tokens: output,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
  };
}

export function toolUseId(id: unknown, slot: number, { requestId }: AnswerContext): string {
  return typeof id === 'string' && id !== '' ? id : `toolu_${requestId.replace(/^req_/, '')}_${slot}`;
}

function toToolUse(call: JsonObject, slot: number, context: AnswerContext): JsonObject {
  const { arguments: given, name } = isJsonObject(call.function) ? call.function : {};
  const id = toolUseId(call.id, slot, context);
  return { type: 'tool_use', id, name: typeof name === 'string' ? name : '', input: toInput(given) };
}

/** An input is an object; what a model wrote instead is kept for the caller to see. */
function toInput(given: unknown): JsonObject {
  if (isJsonObject(given)) return given;
  if (typeof given !== 'string' || given.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(given);
    return isJsonObject(parsed) ? parsed : { arguments: parsed };
  } catch {
    // Small models write broken JSON at times.
    return { arguments: given };
  }
}
