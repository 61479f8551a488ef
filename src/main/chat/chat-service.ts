import { randomUUID } from 'node:crypto';
import type {
  ChatMessage,
  ConversationEvent,
  ConversationSummary,
  SkillSelection,
} from '../../shared/chat/chat-contract.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { GatewayProvider } from '../gateway/gateway-connection.ts';
import type { Logger } from '../lifetime/logger.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import type { AnswerClient } from './answer-client.ts';
import { Conversation } from './conversation.ts';
import { ConversationRepository } from './conversation-repository.ts';
import { toTitle } from './conversation-title.ts';
import { LateAnswerClient } from './late-answer-client.ts';

export interface ChatServiceDeps {
  /** Where the conversations are kept. */
  readonly directory: string;
  readonly gateway: GatewayProvider;
  readonly logger: Logger;
  readonly now?: () => number;
  readonly newId?: () => string;
  /** Instead of the gateway, for tests. */
  readonly answers?: Pick<AnswerClient, 'ask' | 'dispose'>;
}

export interface SendInput {
  readonly conversationId: string;
  readonly text: string;
  readonly skills: SkillSelection;
  readonly model?: string | undefined;
}

const MAX_MESSAGES = 2000;
const NEW_TITLE = '';

/** The conversations and their answers. Answers go on when the window reloads; they end when the panel does. */
export class ChatService {
  readonly #repository: ConversationRepository;
  readonly #answers: Pick<AnswerClient, 'ask' | 'dispose'>;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #conversations = new Map<string, Conversation>();
  readonly #list = new StatePublisher<ConversationSummary[]>([], 50);
  #opening: Promise<void> | undefined;

  constructor(deps: ChatServiceDeps) {
    this.#repository = new ConversationRepository(deps.directory, deps.logger);
    this.#answers = deps.answers ?? new LateAnswerClient(deps.gateway);
    this.#logger = deps.logger;
    this.#now = deps.now ?? Date.now;
    this.#newId = deps.newId ?? randomUUID;
  }

  /** Reads what earlier runs of the panel have left. Every call waits for it; calling it first only begins sooner. */
  open(): Promise<void> {
    this.#opening ??= this.#load();
    return this.#opening;
  }

  async *list(signal?: AbortSignal): AsyncGenerator<ConversationSummary[], void, void> {
    await this.open();
    yield* this.#list.subscribe(signal);
  }

  async create(): Promise<ConversationSummary> {
    await this.open();
    const id = this.#newId();
    const conversation = this.#add({ id, title: NEW_TITLE, updatedAt: this.#now(), messages: [] });
    try {
      await conversation.save();
    } catch (error) {
      // What could not be kept was never there: no empty one stays behind.
      this.#conversations.delete(id);
      throw error;
    }
    this.#publishList();
    return conversation.summary;
  }

  async remove(id: string): Promise<void> {
    const conversation = await this.#find(id);
    this.#conversations.delete(id);
    this.#publishList();
    await conversation.dispose();
    await this.#repository.remove(id);
  }

  async rename(id: string, title: string): Promise<void> {
    const conversation = await this.#find(id);
    conversation.setTitle(title);
    await conversation.save();
  }

  async *read(id: string, signal?: AbortSignal): AsyncGenerator<ConversationEvent, void, void> {
    yield* (await this.#find(id)).feed.read(signal);
  }

  /** Resolves when the question is on disk; the answer comes through {@link read}. */
  async send(input: SendInput): Promise<{ messageId: string }> {
    const conversation = await this.#find(input.conversationId);
    if (conversation.isStreaming)
      throw new AppError('operation.busy', phrase('answer_before'), {
        hint: 'Stop it, or wait until it is complete.',
      });
    if (conversation.messageCount + 2 > MAX_MESSAGES)
      throw new AppError('invalid_input', phrase('conversation_full', { limit: MAX_MESSAGES }), {
        hint: 'Begin a new conversation.',
        params: { limit: MAX_MESSAGES },
      });
    const question = this.#message('user', input.text, 'done');
    const answer = this.#message('assistant', '', 'streaming');
    if (conversation.messageCount === 0 && conversation.summary.title === NEW_TITLE)
      conversation.setTitle(toTitle(input.text));
    conversation.beginAnswer(question, answer, this.#answers, {
      skills: input.skills,
      model: input.model,
    });
    await conversation.save();
    return { messageId: question.id };
  }

  /** Cuts the conversation back to before a question and asks another in its place. */
  async resend(input: SendInput & { readonly messageId: string }): Promise<{ messageId: string }> {
    const conversation = await this.#find(input.conversationId);
    await conversation.stop();
    if (!conversation.cutBefore(input.messageId))
      throw new AppError('chat.not_found', phrase('message_gone'));
    return this.send(input);
  }

  async stop(id: string): Promise<void> {
    await (await this.#find(id)).stop();
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#conversations.values()].map((conversation) => conversation.dispose()));
    await this.#answers.dispose();
  }

  async #load(): Promise<void> {
    for (const stored of await this.#repository.readAll()) this.#add(stored);
    this.#publishList();
  }

  #add(stored: ConstructorParameters<typeof Conversation>[0]): Conversation {
    const conversation = new Conversation(stored, {
      repository: this.#repository,
      logger: this.#logger,
      now: this.#now,
      onChange: () => this.#publishList(),
    });
    this.#conversations.set(stored.id, conversation);
    return conversation;
  }

  #message(role: ChatMessage['role'], text: string, status: ChatMessage['status']): ChatMessage {
    return { id: this.#newId(), role, text, createdAt: this.#now(), status };
  }

  async #find(id: string): Promise<Conversation> {
    await this.open();
    const conversation = this.#conversations.get(id);
    if (conversation === undefined)
      throw new AppError('chat.not_found', phrase('conversation_gone'), { params: { id } });
    return conversation;
  }

  #publishList(): void {
    const summaries = [...this.#conversations.values()].map(({ summary }) => summary);
    this.#list.publish(summaries.sort((a, b) => b.updatedAt - a.updatedAt));
  }
}
