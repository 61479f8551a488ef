import type { ChatMessage, ConversationEvent, ConversationSummary } from '../../shared/chat/chat-contract.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { RpcClient } from '../rpc/client.ts';
import { type FakeWorld, record } from './fake-world.ts';
import { iterate } from './iterate.ts';
import { SAMPLE_CONVERSATIONS, SAMPLE_MESSAGES } from './sample-state.ts';
import { Topic } from './topic.ts';

const WORD_MS = 60;
const ANSWER =
  'This answer is invented by the harness, **word by word**, so that streaming can be looked at.';

/** Conversations in memory; every question gets the same answer, streamed. */
export function fakeChat(world: FakeWorld): RpcClient['chat'] {
  const list = new Topic<ConversationSummary[]>([...SAMPLE_CONVERSATIONS]);
  const messages = new Map<string, ChatMessage[]>([['c1', [...SAMPLE_MESSAGES]]]);
  const events = new Map<string, Topic<ConversationEvent | undefined>>();
  const stopped = new Set<string>();
  let nextId = 100;

  const summaryOf = (id: string) => {
    const summary = list.value.find((candidate) => candidate.id === id);
    if (!summary) throw new AppError('chat.not_found', 'That conversation does not exist.');
    return summary;
  };
  const topicOf = (id: string) => {
    const topic = events.get(id) ?? new Topic<ConversationEvent | undefined>(undefined);
    events.set(id, topic);
    return topic;
  };
  const setStreaming = (id: string, streaming: boolean) =>
    list.publish(list.value.map((item) => (item.id === id ? { ...item, streaming } : item)));

  const answer = async (id: string, question: string) => {
    nextId += 2;
    const user: ChatMessage = {
      id: `m${nextId}`,
      role: 'user',
      text: question,
      createdAt: Date.now(),
      status: 'done',
    };
    const reply: ChatMessage = {
      id: `m${nextId + 1}`,
      role: 'assistant',
      text: '',
      createdAt: Date.now(),
      status: 'streaming',
    };
    const known = messages.get(id) ?? [];
    messages.set(id, [...known, user, reply]);
    topicOf(id).publish({ kind: 'message', message: user });
    setStreaming(id, true);
    await tick();
    topicOf(id).publish({ kind: 'message', message: reply });
    void stream(id, reply);
    return { messageId: user.id };
  };

  const stream = async (id: string, reply: ChatMessage) => {
    let text = '';
    for (const word of ANSWER.split(/(?<= )/)) {
      await tick();
      if (stopped.delete(id)) break;
      text += word;
      topicOf(id).publish({ kind: 'delta', messageId: reply.id, text: word });
    }
    await tick();
    const status = text === ANSWER ? ('done' as const) : ('stopped' as const);
    const done: ChatMessage = {
      ...reply,
      text,
      status,
      facts: {
        skills: ['release-notes'],
        generation: 42,
        firstTokenMs: 180,
        totalMs: 1400,
        model: 'skilldeck-demo',
      },
    };
    messages.set(
      id,
      (messages.get(id) ?? []).map((message) => (message.id === reply.id ? done : message)),
    );
    topicOf(id).publish({ kind: 'message', message: done });
    setStreaming(id, false);
  };

  return {
    list: async (_input, options) => iterate(list.subscribe(options?.signal)),
    create: async () => {
      nextId += 1;
      const summary = { id: `c${nextId}`, title: '', updatedAt: Date.now(), streaming: false };
      list.publish([summary, ...list.value]);
      return summary;
    },
    remove: async ({ conversationId }) => {
      list.publish(list.value.filter((item) => item.id !== conversationId));
      return {};
    },
    rename: async ({ conversationId, title }) => {
      list.publish(list.value.map((item) => (item.id === conversationId ? { ...item, title } : item)));
      topicOf(conversationId).publish({ kind: 'title', title });
      return {};
    },
    open: async ({ conversationId: id }, options) =>
      iterate(follow(summaryOf(id), messages.get(id) ?? [], topicOf(id), options?.signal)),
    send: async (input) => {
      record(world, 'chat.send', input);
      return answer(input.conversationId, input.text);
    },
    resend: async ({ conversationId: id, messageId, text }) => {
      const known = messages.get(id) ?? [];
      messages.set(
        id,
        known.slice(
          0,
          known.findIndex((message) => message.id === messageId),
        ),
      );
      const { title } = summaryOf(id);
      topicOf(id).publish({ kind: 'snapshot', id, title, messages: messages.get(id) ?? [] });
      await tick();
      return answer(id, text);
    },
    stop: async ({ conversationId }) => {
      stopped.add(conversationId);
      return {};
    },
  };
}

async function* follow(
  summary: ConversationSummary,
  messages: ChatMessage[],
  topic: Topic<ConversationEvent | undefined>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ConversationEvent, void, void> {
  const before = topic.value;
  yield { kind: 'snapshot', id: summary.id, title: summary.title, messages };
  for await (const event of topic.subscribe(signal)) if (event && event !== before) yield event;
}

const tick = () => new Promise((resolve) => setTimeout(resolve, WORD_MS));
