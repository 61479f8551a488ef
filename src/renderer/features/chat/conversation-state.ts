import type { ChatMessage, ConversationEvent } from '../../../shared/chat/chat-contract.ts';

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly messages: readonly ChatMessage[];
}

/**
 * The conversation after some events.
 *
 * Takes them as a batch: at 200 tokens a second only one state a frame is worth drawing. Deltas of one message are joined
 * before the text is touched.
 */
export function applyConversationEvents(
  before: Conversation | undefined,
  events: readonly ConversationEvent[],
): Conversation | undefined {
  let conversation = before;
  let pending: { messageId: string; text: string } | undefined;
  const flush = (): void => {
    if (pending !== undefined && conversation !== undefined) conversation = appendText(conversation, pending);
    pending = undefined;
  };
  for (const event of events) {
    if (event.kind === 'delta' && pending?.messageId === event.messageId) {
      pending.text += event.text;
      continue;
    }
    flush();
    if (event.kind === 'delta') pending = { messageId: event.messageId, text: event.text };
    else conversation = applyEvent(conversation, event);
  }
  flush();
  return conversation;
}

function applyEvent(
  conversation: Conversation | undefined,
  event: Exclude<ConversationEvent, { kind: 'delta' }>,
): Conversation | undefined {
  if (event.kind === 'snapshot') return { id: event.id, title: event.title, messages: event.messages };
  if (conversation === undefined) return undefined;
  if (event.kind === 'title') return { ...conversation, title: event.title };
  return { ...conversation, messages: putMessage(conversation.messages, event.message) };
}

function putMessage(messages: readonly ChatMessage[], message: ChatMessage): readonly ChatMessage[] {
  const at = messages.findLastIndex((known) => known.id === message.id);
  return at < 0 ? [...messages, message] : messages.with(at, message);
}

function appendText(conversation: Conversation, delta: { messageId: string; text: string }): Conversation {
  const at = conversation.messages.findLastIndex((known) => known.id === delta.messageId);
  const message = conversation.messages[at];
  // A delta for a message that is not there belongs to an answer that was cut away by a resend.
  if (message === undefined) return conversation;
  const grown = { ...message, text: message.text + delta.text };
  return { ...conversation, messages: conversation.messages.with(at, grown) };
}
