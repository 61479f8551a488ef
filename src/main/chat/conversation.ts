import type {
  AnswerFacts,
  ChatMessage,
  ConversationSummary,
  SkillSelection,
} from '../../shared/chat/chat-contract.ts';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { Logger } from '../lifetime/logger.ts';
import type { AnswerClient } from './answer-client.ts';
import { ConversationFeed } from './conversation-feed.ts';
import type { ConversationRepository, StoredConversation } from './conversation-repository.ts';

export interface ConversationDeps {
  readonly repository: ConversationRepository;
  readonly logger: Logger;
  readonly now: () => number;
  /** Title, time or streaming state has changed. */
  readonly onChange: () => void;
}

interface RunningAnswer {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** While an answer comes, the disk gets it at most this often. */
const SAVE_INTERVAL_MS = 1000;
/** A disk that is full now may have room later: what it did not take is offered again. */
const SAVE_AGAIN_MS = 10_000;
const MAX_ANSWER_CHARS = 1_048_576;

/** One conversation: its messages, the answer that is coming, and those who watch. */
export class Conversation {
  readonly feed: ConversationFeed;
  readonly #deps: ConversationDeps;
  readonly #id: string;
  #title: string;
  #updatedAt: number;
  #messages: ChatMessage[];
  #answer: RunningAnswer | undefined;
  #saveTimer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();
  #isRemoved = false;

  constructor(stored: StoredConversation, deps: ConversationDeps) {
    this.#deps = deps;
    this.#id = stored.id;
    this.#title = stored.title;
    this.#updatedAt = stored.updatedAt;
    // The panel ended in the middle of an answer: what had come is kept, and nothing comes any more.
    this.#messages = stored.messages.map((message) =>
      message.status === 'streaming' ? { ...message, status: 'stopped' } : message,
    );
    this.feed = new ConversationFeed(() => ({
      kind: 'snapshot',
      id: this.#id,
      title: this.#title,
      messages: [...this.#messages],
    }));
  }

  get summary(): ConversationSummary {
    return { id: this.#id, title: this.#title, updatedAt: this.#updatedAt, streaming: this.isStreaming };
  }

  get isStreaming(): boolean {
    return this.#answer !== undefined;
  }

  get messageCount(): number {
    return this.#messages.length;
  }

  setTitle(title: string): void {
    this.#title = title;
    this.feed.publish({ kind: 'title', title });
    this.#touch();
  }

  /** False when there is no such question. */
  cutBefore(messageId: string): boolean {
    const index = this.#messages.findIndex(({ id, role }) => id === messageId && role === 'user');
    if (index === -1) return false;
    this.#messages = this.#messages.slice(0, index);
    this.feed.publishSnapshot();
    this.#touch();
    return true;
  }

  beginAnswer(
    question: ChatMessage,
    answer: ChatMessage,
    answers: Pick<AnswerClient, 'ask'>,
    options: { readonly skills: SkillSelection; readonly model: string | undefined },
  ): void {
    this.#messages = [...this.#messages, question];
    const messages = this.#messages
      .filter(({ text }) => text !== '')
      .map(({ role, text }) => ({ role, content: text }));
    this.#messages.push(answer);
    this.feed.publish({ kind: 'message', message: question });
    this.feed.publish({ kind: 'message', message: answer });
    const controller = new AbortController();
    const parts = answers.ask({ messages, ...options }, controller.signal);
    const done = this.#receive(answer, parts, controller);
    this.#answer = { controller, done };
    this.#touch();
  }

  /** Resolves when the answer has ended and is on disk. */
  async stop(): Promise<void> {
    this.#answer?.controller.abort();
    await this.#answer?.done;
  }

  /** Ends the answer and those who watch; what has come is on disk. */
  async dispose(): Promise<void> {
    await this.stop();
    this.feed.close();
    // Something waits for the disk: the last chance.
    if (this.#saveTimer !== undefined) void this.save();
    await this.#saving.catch(() => {});
    clearTimeout(this.#saveTimer);
    this.#isRemoved = true;
  }

  /** Writes one at a time, always the newest. */
  save(): Promise<void> {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    this.#saving = this.#saving
      .catch(() => {})
      .then(async () => {
        if (this.#isRemoved) return;
        const { id, title, updatedAt } = this.summary;
        await this.#deps.repository.write({ id, title, updatedAt, messages: this.#messages });
      });
    return this.#saving;
  }

  async #receive(
    begun: ChatMessage,
    parts: ReturnType<AnswerClient['ask']>,
    controller: AbortController,
  ): Promise<void> {
    let message = begun;
    let facts: AnswerFacts = { skills: [] };
    const startedAt = this.#deps.now();
    try {
      for await (const part of parts) {
        if (part.kind === 'facts') {
          facts = { ...facts, ...part.facts };
          continue;
        }
        if (message.text === '') facts = { firstTokenMs: this.#deps.now() - startedAt, ...facts };
        message = { ...message, text: message.text + part.text };
        this.#replace(message);
        this.feed.publish({ kind: 'delta', messageId: message.id, text: part.text });
        this.#saveSoon();
        if (message.text.length > MAX_ANSWER_CHARS)
          throw new AppError('upstream.cut', phrase('answer_too_long'));
      }
      message = { ...message, status: 'done' };
    } catch (error) {
      const fault = toAppError(error);
      if (controller.signal.aborted && !(message.text.length > MAX_ANSWER_CHARS)) {
        message = { ...message, status: 'stopped' };
      } else {
        if (fault.code === 'internal') this.#deps.logger.error({ err: error }, 'an answer failed');
        message = { ...message, status: 'failed', error: fault.toData() };
      }
    }
    controller.abort();
    facts = { totalMs: this.#deps.now() - startedAt, ...facts };
    message = { ...message, facts };
    this.#replace(message);
    this.#answer = undefined;
    this.feed.publish({ kind: 'message', message });
    this.#touch();
    await this.#saveOrRetry();
  }

  async #saveOrRetry(): Promise<void> {
    try {
      await this.save();
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'a conversation could not be written');
      if (!this.#isRemoved) this.#saveSoon(SAVE_AGAIN_MS);
    }
  }

  #replace(message: ChatMessage): void {
    const index = this.#messages.findLastIndex(({ id }) => id === message.id);
    if (index !== -1) this.#messages[index] = message;
  }

  #saveSoon(delayMs = SAVE_INTERVAL_MS): void {
    this.#saveTimer ??= setTimeout(() => void this.#saveOrRetry(), delayMs);
  }

  #touch(): void {
    this.#updatedAt = this.#deps.now();
    this.#deps.onChange();
  }
}
