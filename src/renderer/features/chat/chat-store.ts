import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConversationEvent, SkillSelection } from '../../../shared/chat/chat-contract.ts';
import type { AppErrorData } from '../../../shared/errors/app-error.ts';
import type { RpcClient } from '../../rpc/client.ts';
import { isAbort, readAppError } from '../../rpc/read-app-error.ts';
import { applyConversationEvents, type Conversation } from './conversation-state.ts';

export interface ChatState {
  /** Nothing selected is a new chat: it is created with its first message. */
  readonly selected: string | undefined;
  readonly conversation: Conversation | undefined;
  readonly openError: AppErrorData | undefined;
  /** Unsent text by conversation; the empty id is the new chat's. */
  readonly drafts: Readonly<Record<string, string>>;
  readonly skills: SkillSelection;
  /** The answer whose facts are shown; the last one when nothing was picked. */
  readonly inspected: string | undefined;
}

const RETRY_DELAY_MS = 1000;

interface ChatStoreDeps {
  readonly client: RpcClient;
  /** Runs the callback before the next frame is drawn. */
  readonly nextFrame: (run: () => void) => void;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The chat of this window: what is selected, its messages as they arrive, and what is being written. */
export class ChatStore {
  readonly store: StoreApi<ChatState> = createStore<ChatState>(() => ({
    selected: undefined,
    conversation: undefined,
    openError: undefined,
    drafts: {},
    skills: 'auto',
    inspected: undefined,
  }));
  readonly #deps: ChatStoreDeps;
  #queue: ConversationEvent[] = [];

  constructor(deps: ChatStoreDeps) {
    this.#deps = deps;
  }

  select(id: string | undefined): void {
    if (this.store.getState().selected === id) return;
    this.#queue = [];
    this.store.setState({
      selected: id,
      conversation: undefined,
      openError: undefined,
      inspected: undefined,
    });
  }

  setDraft(text: string): void {
    this.store.setState(({ drafts, selected }) => ({ drafts: { ...drafts, [selected ?? '']: text } }));
  }

  setSkills(skills: SkillSelection): void {
    this.store.setState({ skills });
  }

  inspect(messageId: string | undefined): void {
    this.store.setState({ inspected: messageId });
  }

  /** Mirrors a conversation until `signal` ends it; a broken stream is opened again. */
  async follow(id: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const events = await this.#deps.client.chat.open({ conversationId: id }, { signal });
        for await (const event of events) {
          if (signal.aborted || this.store.getState().selected !== id) return;
          this.#take(id, event);
        }
      } catch (error) {
        if (signal.aborted || isAbort(error)) return;
        const openError = readAppError(error);
        if (this.store.getState().selected === id) this.store.setState({ openError });
        if (openError.code === 'chat.not_found') return;
      }
      await this.#deps.pause(RETRY_DELAY_MS, signal);
    }
  }

  /** Sends what is written. The text comes back into the composer when main does not take it. */
  async send(): Promise<void> {
    const { selected, drafts, skills } = this.store.getState();
    const text = (drafts[selected ?? ''] ?? '').trim();
    if (text === '') return;
    this.setDraft('');
    try {
      const conversationId = selected ?? (await this.#create());
      await this.#deps.client.chat.send({ conversationId, text, skills });
      this.inspect(undefined);
    } catch (error) {
      this.setDraft(text);
      throw error;
    }
  }

  /** Asks again from `messageId` on, with other words or the same. */
  async resend(messageId: string, text: string): Promise<void> {
    const { selected, skills } = this.store.getState();
    if (selected === undefined || text.trim() === '') return;
    await this.#deps.client.chat.resend({ conversationId: selected, messageId, text: text.trim(), skills });
    this.inspect(undefined);
  }

  async stop(): Promise<void> {
    const { selected } = this.store.getState();
    if (selected !== undefined) await this.#deps.client.chat.stop({ conversationId: selected });
  }

  async rename(conversationId: string, title: string): Promise<void> {
    await this.#deps.client.chat.rename({ conversationId, title });
  }

  async remove(conversationId: string): Promise<void> {
    await this.#deps.client.chat.remove({ conversationId });
    if (this.store.getState().selected === conversationId) this.select(undefined);
  }

  async #create(): Promise<string> {
    const { id } = await this.#deps.client.chat.create({});
    this.select(id);
    return id;
  }

  #take(id: string, event: ConversationEvent): void {
    const isFirst = this.#queue.length === 0;
    this.#queue.push(event);
    if (isFirst) this.#deps.nextFrame(() => this.#flush(id));
  }

  #flush(id: string): void {
    const events = this.#queue;
    this.#queue = [];
    const { selected, conversation } = this.store.getState();
    if (selected !== id || events.length === 0) return;
    this.store.setState({
      conversation: applyConversationEvents(conversation, events),
      openError: undefined,
    });
  }
}
