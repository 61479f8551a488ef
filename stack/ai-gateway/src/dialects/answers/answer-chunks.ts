import { isJsonObject, type JsonObject } from '../../json.ts';

/**
 * A whole answer as the chunks of a stream, for a caller who asked for one while the backend (or a cache) had it in one
 * piece: one chunk with all words per choice, one with its end, one with the usage.
 */
export function* answerChunks(body: JsonObject): Generator<JsonObject> {
  const { choices, usage, object, ...head } = body;
  const isChat = object !== 'text_completion';
  const frame = { ...head, object: isChat ? 'chat.completion.chunk' : 'text_completion' };
  for (const choice of objectsIn(choices)) {
    if (!isChat) {
      yield { ...frame, choices: [choice] };
      continue;
    }
    const { finish_reason: reason, message, index, ...rest } = choice;
    yield { ...frame, choices: [{ index, delta: toDelta(message), ...rest, finish_reason: null }] };
    yield { ...frame, choices: [{ index, delta: {}, finish_reason: reason ?? 'stop' }] };
  }
  if (usage !== undefined && usage !== null) yield { ...frame, choices: [], usage };
}

function toDelta(message: unknown): JsonObject {
  if (!isJsonObject(message)) return {};
  const calls = message.tool_calls;
  if (!Array.isArray(calls)) return message;
  return {
    ...message,
    tool_calls: objectsIn(calls).map((call, index) => ({ index, ...call })),
  };
}

export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
