import { GatewayError } from '../../gateway-error.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { objectsIn } from './answer-chunks.ts';
import { ToolCallSlots } from './tool-call-slots.ts';

/** Larger answers are not kept in memory for a caller who wants them in one piece. In characters; numbers and the like count as eight. */
const MAX_SIZE = 64 * 1024 * 1024;
const VALUE_SIZE = 8;
const CHOICE_SIZE = 100;

interface Call {
  id: string | undefined;
  name: string | undefined;
  argumentsText: string;
}

interface Collected {
  readonly texts: Map<string, string>;
  readonly slots: ToolCallSlots;
  readonly calls: Call[];
  readonly rest: Map<string, unknown>;
  /** Null, where it was said that there are none. */
  logprobs: Map<string, unknown[] | null> | undefined;
  finishReason: unknown;
}

/** Puts the chunks of a stream together again, into the `chat.completion` or `text_completion` they are of. */
export class AnswerCollector {
  readonly #head = new Map<string, unknown>();
  readonly #choices = new Map<number, Collected>();
  readonly #maxSize: number;
  #isChat = true;
  #size = 0;

  constructor(maxSize = MAX_SIZE) {
    this.#maxSize = maxSize;
  }

  /** @throws GatewayError `upstream_error` when the answer grows beyond all measure */
  add(chunk: JsonObject): void {
    if (chunk.object === 'text_completion') this.#isChat = false;
    for (const key of Object.keys(chunk)) {
      const value = chunk[key];
      if (key === 'choices' || key === 'object' || value === null || value === undefined) continue;
      // Id, time and model are those of the first chunk; usage and timings come with the last.
      if (!this.#head.has(key) || isJsonObject(value)) this.#head.set(key, value);
    }
    for (const choice of objectsIn(chunk.choices)) this.#addChoice(choice);
    if (this.#size > this.#maxSize)
      throw new GatewayError(
        'upstream_error',
        'The answer of the model server is longer than the gateway keeps.',
      );
  }

  body(): JsonObject {
    const choices = [...this.#choices]
      .sort(([one], [other]) => one - other)
      .map(([index, choice]) => (this.#isChat ? toChatChoice(index, choice) : toTextChoice(index, choice)));
    const { usage, ...head } = Object.fromEntries(this.#head);
    const object = this.#isChat ? 'chat.completion' : 'text_completion';
    return { ...head, object, choices, ...(usage === undefined ? {} : { usage }) };
  }

  #addChoice(choice: JsonObject): void {
    const { delta, finish_reason: reason, index, logprobs, text, ...rest } = choice;
    const collected = this.#choice(typeof index === 'number' ? index : 0);
    if (reason !== null && reason !== undefined) collected.finishReason = reason;
    if (typeof text === 'string') this.#append(collected, 'text', text);
    if (isJsonObject(delta)) this.#addDelta(collected, delta);
    if (isJsonObject(logprobs)) this.#addLogprobs(collected, logprobs);
    for (const key of Object.keys(rest)) if (rest[key] !== null) collected.rest.set(key, rest[key]);
  }

  #addDelta(collected: Collected, delta: JsonObject): void {
    for (const key of Object.keys(delta)) {
      const value = delta[key];
      if (key === 'role' || key === 'tool_calls') continue;
      if (typeof value === 'string') this.#append(collected, key, value);
    }
    for (const part of objectsIn(delta.tool_calls)) {
      const { slot, id, name, argumentsText } = collected.slots.read(part);
      const call = collected.calls[slot] ?? { id, name, argumentsText: '' };
      if (collected.calls[slot] === undefined) this.#size += sizeOf(part);
      collected.calls[slot] = call;
      call.name ??= name;
      call.argumentsText += argumentsText;
      this.#size += argumentsText.length;
    }
  }

  #append(collected: Collected, key: string, text: string): void {
    const known = collected.texts.get(key);
    if (known === undefined) this.#size += VALUE_SIZE + key.length;
    collected.texts.set(key, (known ?? '') + text);
    this.#size += text.length;
  }

  #addLogprobs(collected: Collected, logprobs: JsonObject): void {
    collected.logprobs ??= new Map();
    for (const key of Object.keys(logprobs)) {
      const values = logprobs[key];
      const known = collected.logprobs.get(key);
      if (known === undefined) this.#size += VALUE_SIZE + key.length;
      if (values === null && known === undefined) collected.logprobs.set(key, null);
      if (!Array.isArray(values)) continue;
      this.#size += sizeOf(values);
      if (known === undefined || known === null) collected.logprobs.set(key, [...values]);
      else for (const value of values) known.push(value);
    }
  }

  #choice(index: number): Collected {
    const known = this.#choices.get(index);
    if (known !== undefined) return known;
    const made: Collected = {
      texts: new Map(),
      slots: new ToolCallSlots(),
      calls: [],
      rest: new Map(),
      logprobs: undefined,
      finishReason: undefined,
    };
    this.#choices.set(index, made);
    this.#size += CHOICE_SIZE;
    return made;
  }
}

/** With a list of its own for what is left to look at: what servers send may be nested to any depth. */
function sizeOf(value: unknown): number {
  let size = 0;
  const left = [value];
  while (left.length > 0) {
    const one = left.pop();
    size += VALUE_SIZE;
    if (typeof one === 'string') size += one.length;
    else if (Array.isArray(one)) for (const item of one) left.push(item);
    else if (isJsonObject(one))
      for (const key of Object.keys(one)) {
        size += key.length;
        left.push(one[key]);
      }
  }
  return size;
}

function toChatChoice(index: number, choice: Collected): JsonObject {
  const { content = null, ...texts } = Object.fromEntries(choice.texts);
  const calls = choice.calls.map(({ argumentsText, id, name }, slot) => ({
    id: id ?? `call_${slot}`,
    type: 'function',
    function: { name: name ?? '', arguments: argumentsText },
  }));
  const message = {
    role: 'assistant',
    content,
    ...texts,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    index,
    message,
    logprobs: logprobsOf(choice),
    ...Object.fromEntries(choice.rest),
    finish_reason: choice.finishReason ?? 'stop',
  };
}

function toTextChoice(index: number, choice: Collected): JsonObject {
  return {
    index,
    text: choice.texts.get('text') ?? '',
    logprobs: logprobsOf(choice),
    ...Object.fromEntries(choice.rest),
    finish_reason: choice.finishReason ?? 'stop',
  };
}

function logprobsOf({ logprobs }: Collected): JsonObject | null {
  return logprobs === undefined ? null : Object.fromEntries(logprobs);
}
