import { isJsonObject, type JsonObject } from '../json.ts';

/** Puts the chunks of a streamed answer (`chat.completion.chunk`, `text_completion`) together to the whole one. */
export class ChunkCollector {
  #head: JsonObject | undefined;
  #usage: unknown;
  readonly #choices = new Map<number, CollectedChoice>();

  add(chunk: JsonObject): void {
    this.#head ??= chunk;
    if (isJsonObject(chunk.usage)) this.#usage = chunk.usage;
    if (!Array.isArray(chunk.choices)) return;
    for (const choice of chunk.choices as unknown[]) {
      if (!isJsonObject(choice)) continue;
      const index = typeof choice.index === 'number' ? choice.index : 0;
      const collected = this.#choices.get(index) ?? new CollectedChoice(index);
      this.#choices.set(index, collected);
      collected.add(choice);
    }
  }

  /** Undefined while nothing has come. */
  get whole(): JsonObject | undefined {
    if (this.#head === undefined) return undefined;
    const { choices: _choices, object, usage: _usage, ...head } = this.#head;
    const choices = [...this.#choices.values()].sort((a, b) => a.index - b.index);
    return {
      ...head,
      object: object === 'chat.completion.chunk' ? 'chat.completion' : object,
      choices: choices.map((choice) => choice.whole(object === 'chat.completion.chunk')),
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
    };
  }
}

class CollectedChoice {
  readonly index: number;
  #content = '';
  #reasoning = '';
  #refusal: string | undefined;
  #text = '';
  #finishReason: unknown = null;
  #hasContent = false;
  readonly #tools = new Map<number, { id: unknown; type: unknown; name: string; arguments: string }>();
  readonly #logprobs: unknown[] = [];

  constructor(index: number) {
    this.index = index;
  }

  add(choice: JsonObject): void {
    if (choice.finish_reason !== undefined && choice.finish_reason !== null)
      this.#finishReason = choice.finish_reason;
    if (typeof choice.text === 'string') this.#text += choice.text;
    if (isJsonObject(choice.logprobs) && Array.isArray(choice.logprobs.content))
      this.#logprobs.push(...(choice.logprobs.content as unknown[]));
    if (!isJsonObject(choice.delta)) return;
    const { content, reasoning_content: reasoning, refusal, tool_calls: calls } = choice.delta;
    if (typeof content === 'string') {
      this.#content += content;
      this.#hasContent = true;
    }
    if (typeof reasoning === 'string') this.#reasoning += reasoning;
    if (typeof refusal === 'string') this.#refusal = (this.#refusal ?? '') + refusal;
    if (Array.isArray(calls)) for (const call of calls as unknown[]) this.#addCall(call);
  }

  whole(isChat: boolean): JsonObject {
    const logprobs = this.#logprobs.length === 0 ? {} : { logprobs: { content: this.#logprobs } };
    const end = { finish_reason: this.#finishReason, ...logprobs };
    if (!isChat) return { index: this.index, text: this.#text, ...end };
    const tools = [...this.#tools.values()].map(({ arguments: text, id, name, type }) => ({
      id,
      type: type ?? 'function',
      function: { name, arguments: text },
    }));
    const message = {
      role: 'assistant',
      content: this.#hasContent || tools.length === 0 ? this.#content : null,
      ...(this.#reasoning === '' ? {} : { reasoning_content: this.#reasoning }),
      ...(this.#refusal === undefined ? {} : { refusal: this.#refusal }),
      ...(tools.length === 0 ? {} : { tool_calls: tools }),
    };
    return { index: this.index, message, ...end };
  }

  #addCall(call: unknown): void {
    if (!isJsonObject(call)) return;
    const index = typeof call.index === 'number' ? call.index : 0;
    const known = this.#tools.get(index) ?? { id: undefined, type: undefined, name: '', arguments: '' };
    const part = isJsonObject(call.function) ? call.function : {};
    this.#tools.set(index, {
      id: known.id ?? call.id,
      type: known.type ?? call.type,
      name: known.name + (typeof part.name === 'string' ? part.name : ''),
      arguments: known.arguments + (typeof part.arguments === 'string' ? part.arguments : ''),
    });
  }
}

/** A whole answer as the chunks of a stream: the words, the end, the usage. */
export function* chunksOf(body: JsonObject): Generator<JsonObject> {
  const { choices: given, object, usage, ...head } = body;
  const choices = (Array.isArray(given) ? given : []).filter(isJsonObject);
  const isChat = object === 'chat.completion';
  const chunk = (choice: JsonObject): JsonObject => ({
    ...head,
    object: isChat ? 'chat.completion.chunk' : object,
    choices: [choice],
  });
  for (const { finish_reason: reason, index, logprobs, message, text } of choices) {
    const said = logprobs === undefined ? {} : { logprobs };
    if (isChat) {
      yield chunk({ index, delta: deltaOf(message), ...said, finish_reason: null });
      yield chunk({ index, delta: {}, finish_reason: reason });
    } else yield chunk({ index, text, ...said, finish_reason: reason });
  }
  if (usage !== undefined)
    yield { ...head, object: isChat ? 'chat.completion.chunk' : object, choices: [], usage };
}

function deltaOf(message: unknown): JsonObject {
  if (!isJsonObject(message)) return { role: 'assistant', content: '' };
  const { tool_calls: calls, ...words } = message;
  if (!Array.isArray(calls)) return words;
  return { ...words, tool_calls: calls.filter(isJsonObject).map((call, index) => ({ index, ...call })) };
}
