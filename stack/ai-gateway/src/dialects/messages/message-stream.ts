import type { JsonObject } from '../../json.ts';
import { firstChoice, readUsage, readWords, type TokenCounts } from '../answers/read-choice.ts';
import { ToolCallSlots } from '../answers/tool-call-slots.ts';
import type { AnswerContext, DialectStream, SentEvent } from '../dialect.ts';
import { messageHead, showsThinking, stopOf, toolUseId, toUsage } from './message-answer.ts';
import { messagesErrors } from './messages-errors.ts';

interface ToolBlock {
  readonly slot: number;
  readonly id: string;
  name: string;
  /** What has come while the block could not be open yet. */
  waiting: string;
  state: 'waiting' | 'open' | 'closed';
}

type Open = { readonly kind: 'text' | 'thinking' } | { readonly kind: 'tool'; readonly tool: ToolBlock };

/**
 * Chat chunks as Anthropic's events. Its blocks come one after the other, never side by side: calls that come while
 * another is open wait until that one is complete.
 */
export class MessageStream implements DialectStream {
  readonly #context: AnswerContext;
  readonly #showsThinking: boolean;
  readonly #slots = new ToolCallSlots();
  readonly #tools: ToolBlock[] = [];
  #events: SentEvent[] = [];
  #open: Open | undefined;
  /** Of the open block, or of the next one. */
  #index = 0;
  #isStarted = false;
  #last: JsonObject | undefined;
  #hasRefused = false;
  #usage: TokenCounts | undefined;
  #extension: unknown;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#showsThinking = showsThinking(context);
  }

  chunk(chunk: JsonObject): readonly SentEvent[] {
    this.#start(chunk);
    this.#usage = readUsage(chunk.usage) ?? this.#usage;
    this.#extension = chunk.skilldeck ?? this.#extension;
    const choice = firstChoice(chunk);
    if (choice !== undefined) {
      if (choice.finish_reason != null) this.#last = choice;
      this.#add(choice.delta);
    }
    return this.#take();
  }

  end(): readonly SentEvent[] {
    this.#start({});
    this.#close();
    this.#flushTools();
    const delta = stopOf(this.#last, this.#tools.length > 0, this.#hasRefused, this.#context);
    const extension = this.#extension === undefined ? {} : { skilldeck: this.#extension };
    this.#send('message_delta', { delta, usage: toUsage(this.#usage), ...extension });
    this.#send('message_stop', {});
    return this.#take();
  }

  fail(error: Parameters<DialectStream['fail']>[0]): readonly SentEvent[] {
    return [
      { event: 'error', data: JSON.stringify(messagesErrors.envelope(error, this.#context.requestId)) },
    ];
  }

  #add(delta: unknown): void {
    const { calls, reasoning, refusal, text } = readWords(delta);
    if (reasoning !== '' && this.#showsThinking) {
      this.#openText('thinking', { thinking: '', signature: '' });
      this.#delta({ type: 'thinking_delta', thinking: reasoning });
    }
    if (refusal !== '') this.#hasRefused = true;
    if (text + refusal !== '') {
      this.#openText('text', { text: '', citations: null });
      this.#delta({ type: 'text_delta', text: text + refusal });
    }
    for (const call of calls) this.#addCall(call);
  }

  #addCall(delta: JsonObject): void {
    const { argumentsText, id, name, slot } = this.#slots.read(delta);
    const known = this.#tools[slot];
    const tool = known ?? {
      slot,
      id: toolUseId(id, slot, this.#context),
      name: '',
      waiting: '',
      state: 'waiting' as const,
    };
    this.#tools[slot] = tool;
    if (tool.name === '') tool.name = name ?? '';
    if (tool.state === 'open') this.#arguments(argumentsText);
    else tool.waiting += argumentsText;
    // A block names its tool when it opens, so that it can only open when the name has come.
    if (tool.state === 'waiting' && tool.name !== '' && this.#open?.kind !== 'tool') this.#openTool(tool);
  }

  #openTool(tool: ToolBlock): void {
    this.#close();
    tool.state = 'open';
    this.#open = { kind: 'tool', tool };
    this.#startBlock({ type: 'tool_use', id: tool.id, name: tool.name, input: {} });
    this.#arguments(tool.waiting);
    tool.waiting = '';
  }

  #arguments(text: string): void {
    if (text !== '') this.#delta({ type: 'input_json_delta', partial_json: text });
  }

  #flushTools(): void {
    for (const tool of this.#tools) {
      if (tool === undefined || tool.state !== 'waiting') continue;
      this.#openTool(tool);
      this.#close();
    }
  }

  #openText(kind: 'text' | 'thinking', empty: JsonObject): void {
    if (this.#open?.kind === kind) return;
    if (this.#open?.kind === 'tool') {
      this.#close();
      this.#flushTools();
    }
    this.#close();
    this.#open = { kind };
    this.#startBlock({ type: kind, ...empty });
  }

  #close(): void {
    if (this.#open === undefined) return;
    if (this.#open.kind === 'tool') this.#open.tool.state = 'closed';
    this.#send('content_block_stop', { index: this.#index });
    this.#open = undefined;
    this.#index += 1;
  }

  #start(chunk: JsonObject): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    const message = {
      ...messageHead(chunk, this.#context),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: toUsage(readUsage(chunk.usage)),
      ...('skilldeck' in chunk ? { skilldeck: chunk.skilldeck } : {}),
    };
    this.#send('message_start', { message });
    this.#send('ping', {});
  }

  #startBlock(block: JsonObject): void {
    this.#send('content_block_start', { index: this.#index, content_block: block });
  }

  #delta(delta: JsonObject): void {
    this.#send('content_block_delta', { index: this.#index, delta });
  }

  #send(type: string, fields: JsonObject): void {
    this.#events.push({ event: type, data: JSON.stringify({ type, ...fields }) });
  }

  #take(): readonly SentEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
