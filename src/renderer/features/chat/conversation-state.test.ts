import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatMessage, ConversationEvent } from '../../../shared/chat/chat-contract.ts';
import { applyConversationEvents } from './conversation-state.ts';

const message = (id: string, text: string): ChatMessage => ({
  id,
  role: 'assistant',
  text,
  createdAt: 0,
  status: 'streaming',
});
const snapshot = (...messages: ChatMessage[]): ConversationEvent => ({
  kind: 'snapshot',
  id: 'c',
  title: 'T',
  messages,
});
const delta = (text: string, messageId = 'a'): ConversationEvent => ({ kind: 'delta', messageId, text });

describe('applyConversationEvents', () => {
  it('continues the text that a returning window was given', () => {
    const state = applyConversationEvents(undefined, [
      snapshot(message('a', 'so far')),
      delta(' and'),
      delta(' on'),
    ]);
    expect(state?.messages.map((found) => found.text)).toEqual(['so far and on']);
  });

  it('gives the same state however the events are batched', () => {
    const event = fc.oneof(
      fc.string().map((text) => delta(text)),
      fc.string().map((text) => delta(text, 'b')),
      fc.string().map((title): ConversationEvent => ({ kind: 'title', title })),
      fc.constant<ConversationEvent>({ kind: 'message', message: message('b', '') }),
    );
    fc.assert(
      fc.property(fc.array(event), fc.nat(), (events, cut) => {
        const all = [snapshot(message('a', '')), ...events];
        const at = cut % (all.length + 1);
        const split = applyConversationEvents(
          applyConversationEvents(undefined, all.slice(0, at)),
          all.slice(at),
        );
        expect(split).toEqual(applyConversationEvents(undefined, all));
      }),
    );
  });

  it('leaves the other messages the same objects, so that they are not drawn again', () => {
    const before = applyConversationEvents(undefined, [snapshot(message('x', 'old'), message('a', ''))]);
    const after = applyConversationEvents(before, [delta('new')]);
    expect(after?.messages[0]).toBe(before?.messages[0]);
  });

  it('ignores a delta for a message that was cut away', () => {
    const before = applyConversationEvents(undefined, [snapshot()]);
    expect(applyConversationEvents(before, [delta('late')])).toBe(before);
  });
});
