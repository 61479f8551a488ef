import type { GatewayError } from '../../gateway-error.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { firstChoice, readUsage, readWords, type TokenCounts } from '../answers/read-choice.ts';
import { ToolCallSlots } from '../answers/tool-call-slots.ts';
import type { AnswerContext, DialectStream, SentEvent } from '../dialect.ts';
import {
  type ItemStatus,
  itemId,
  type MessagePart,
  type OutputItem,
  reasoningPart,
  toItem,
  toPart,
} from './output-items.ts';
import { type ResponseState, type ResponseStatus, statusOf, toResponse } from './response-object.ts';

type Call = Extract<OutputItem, { kind: 'call' }>;

/** Chat chunks as the events of the Responses API, numbered through. Calls may grow side by side; words may not. */
export class ResponseStream implements DialectStream {
  readonly #context: AnswerContext;
  readonly #slots = new ToolCallSlots();
  readonly #items: OutputItem[] = [];
  /** Of the items that have ended. */
  readonly #statuses = new Map<OutputItem, ItemStatus>();
  readonly #calls: Call[] = [];
  #events: SentEvent[] = [];
  #sequence = 0;
  /** The item of words or thoughts that grows. */
  #open: Exclude<OutputItem, Call> | undefined;
  #part: MessagePart | undefined;
  #createdAt = Math.floor(Date.now() / 1000);
  #isStarted = false;
  #model: unknown;
  #finishReason: unknown;
  #usage: TokenCounts | undefined;
  #extension: unknown;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  chunk(chunk: JsonObject): readonly SentEvent[] {
    if (!this.#isStarted) this.#start(chunk);
    this.#usage = readUsage(chunk.usage) ?? this.#usage;
    this.#extension = chunk.skilldeck ?? this.#extension;
    const choice = firstChoice(chunk);
    if (choice !== undefined) {
      this.#finishReason = choice.finish_reason ?? this.#finishReason;
      this.#add(choice);
    }
    return this.#take();
  }

  end(): readonly SentEvent[] {
    if (!this.#isStarted) this.#start({});
    const status = statusOf(this.#finishReason);
    this.#closeAll(status);
    this.#send(`response.${status}`, { response: this.#response(status) });
    return this.#take();
  }

  /** The state of the response for those who follow it, then the error that makes OpenAI's client throw. */
  fail(error: GatewayError): readonly SentEvent[] {
    const { error: told } = error.toEnvelope();
    if (this.#isStarted) {
      const code = error.status === 429 ? 'rate_limit_exceeded' : 'server_error';
      const response = this.#response('failed', { code, message: error.message });
      this.#send('response.failed', { response });
    }
    this.#send('error', { ...told, type: 'error', error: told });
    return this.#take();
  }

  #add({ delta, logprobs }: JsonObject): void {
    const { calls, reasoning, refusal, text } = readWords(delta);
    if (reasoning !== '') this.#addThought(reasoning);
    if (text !== '')
      this.#addText(text, isJsonObject(logprobs) && Array.isArray(logprobs.content) ? logprobs.content : []);
    if (refusal !== '') this.#addRefusal(refusal);
    for (const call of calls) this.#addCall(call);
  }

  #addThought(delta: string): void {
    if (this.#open?.kind !== 'reasoning') {
      this.#close('completed');
      const item = { kind: 'reasoning' as const, index: this.#items.length, text: '' };
      this.#open = item;
      this.#added(item);
      this.#send('response.content_part.added', {
        ...this.#at(item),
        content_index: 0,
        part: reasoningPart(''),
      });
    }
    const item = this.#open;
    item.text += delta;
    this.#send('response.reasoning_text.delta', { ...this.#at(item), content_index: 0, delta });
  }

  #addText(delta: string, logprobs: readonly unknown[]): void {
    const part = this.#openPart('text');
    part.text += delta;
    if (part.kind === 'text') for (const one of logprobs) part.logprobs.push(one);
    this.#send('response.output_text.delta', { ...this.#atPart(), delta, logprobs });
  }

  #addRefusal(delta: string): void {
    this.#openPart('refusal').text += delta;
    this.#send('response.refusal.delta', { ...this.#atPart(), delta });
  }

  #addCall(delta: JsonObject): void {
    const { argumentsText, id, name, slot } = this.#slots.read(delta);
    let call = this.#calls[slot];
    if (call === undefined) {
      this.#close('completed');
      const index = this.#items.length;
      call = { kind: 'call', index, callId: id ?? `call_${index}`, name: name ?? '', argumentsText: '' };
      this.#calls[slot] = call;
      this.#added(call);
    } else if (call.name === '') call.name = name ?? '';
    if (argumentsText === '') return;
    call.argumentsText += argumentsText;
    this.#send('response.function_call_arguments.delta', { ...this.#at(call), delta: argumentsText });
  }

  #openPart(kind: MessagePart['kind']): MessagePart {
    if (this.#open?.kind !== 'message') {
      this.#close('completed');
      this.#open = { kind: 'message', index: this.#items.length, parts: [] };
      this.#added(this.#open);
    }
    if (this.#part?.kind === kind) return this.#part;
    this.#closePart();
    const part: MessagePart = kind === 'text' ? { kind, text: '', logprobs: [] } : { kind, text: '' };
    this.#send('response.content_part.added', {
      ...this.#at(this.#open),
      content_index: this.#open.parts.length,
      part: toPart(part),
    });
    this.#open.parts.push(part);
    this.#part = part;
    return part;
  }

  #closePart(): void {
    const part = this.#part;
    if (part === undefined) return;
    const at = this.#atPart();
    if (part.kind === 'text')
      this.#send('response.output_text.done', { ...at, text: part.text, logprobs: part.logprobs });
    else this.#send('response.refusal.done', { ...at, refusal: part.text });
    this.#send('response.content_part.done', { ...at, part: toPart(part) });
    this.#part = undefined;
  }

  #close(status: ItemStatus): void {
    const item = this.#open;
    if (item === undefined) return;
    this.#closePart();
    if (item.kind === 'reasoning') {
      const at = { ...this.#at(item), content_index: 0 };
      this.#send('response.reasoning_text.done', { ...at, text: item.text });
      this.#send('response.content_part.done', { ...at, part: reasoningPart(item.text) });
    }
    this.#itemDone(item, status);
    this.#open = undefined;
  }

  /** What the model broke off is the last item. */
  #closeAll(status: ItemStatus): void {
    const last = this.#items.at(-1);
    this.#close(this.#open === last ? status : 'completed');
    for (const call of this.#calls) {
      if (call === undefined) continue;
      const { argumentsText, name } = call;
      this.#send('response.function_call_arguments.done', {
        ...this.#at(call),
        name,
        arguments: argumentsText,
      });
      this.#itemDone(call, call === last ? status : 'completed');
    }
  }

  #added(item: OutputItem): void {
    this.#items.push(item);
    this.#send('response.output_item.added', {
      output_index: item.index,
      item: toItem(item, 'in_progress', this.#context),
    });
  }

  #itemDone(item: OutputItem, status: ItemStatus): void {
    this.#statuses.set(item, status);
    this.#send('response.output_item.done', {
      output_index: item.index,
      item: toItem(item, status, this.#context),
    });
  }

  #start(chunk: JsonObject): void {
    this.#isStarted = true;
    this.#model = chunk.model;
    if (typeof chunk.created === 'number' && chunk.created > 0) this.#createdAt = chunk.created;
    this.#extension = chunk.skilldeck;
    const response = this.#response('in_progress');
    this.#send('response.created', { response });
    this.#send('response.in_progress', { response });
  }

  #response(status: ResponseStatus, error?: ResponseState['error']): JsonObject {
    const output = this.#items.map((item) =>
      toItem(item, this.#statuses.get(item) ?? 'incomplete', this.#context),
    );
    return toResponse(
      {
        status,
        createdAt: this.#createdAt,
        model: this.#model,
        output,
        usage: this.#usage,
        finishReason: this.#finishReason,
        extension: this.#extension,
        ...(error === undefined ? {} : { error }),
      },
      this.#context,
    );
  }

  #at(item: OutputItem): JsonObject {
    return { item_id: itemId(item, this.#context), output_index: item.index };
  }

  #atPart(): JsonObject {
    if (this.#open?.kind !== 'message') return {};
    return { ...this.#at(this.#open), content_index: this.#open.parts.length - 1 };
  }

  #send(type: string, fields: JsonObject): void {
    const data = JSON.stringify({ type, sequence_number: this.#sequence, ...fields });
    this.#sequence += 1;
    this.#events.push({ event: type, data });
  }

  #take(): readonly SentEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
