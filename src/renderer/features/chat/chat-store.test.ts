import { describe, expect, it, vi } from 'vitest';
import type { ConversationEvent } from '../../../shared/chat/chat-contract.ts';
import type { RpcClient } from '../../rpc/client.ts';
import { ChatStore } from './chat-store.ts';

async function* stream(events: readonly ConversationEvent[]) {
  yield* events;
}

function createChat(events: readonly ConversationEvent[] = []) {
  const chat = {
    create: vi.fn(async () => ({ id: 'c1', title: '', updatedAt: 0, streaming: false })),
    send: vi.fn(async () => ({ messageId: 'm1' })),
    open: vi.fn(async () => stream(events)),
  };
  const frames: (() => void)[] = [];
  const stopFollowing = new AbortController();
  const store = new ChatStore({
    // Only the calls that these tests make are there.
    client: { chat } as unknown as RpcClient,
    nextFrame: (run) => void frames.push(run),
    pause: async () => stopFollowing.abort(),
  });
  return { chat, frames, store, signal: stopFollowing.signal };
}

describe('ChatStore', () => {
  it('creates the conversation with its first message', async () => {
    const { chat, store } = createChat();
    store.setDraft('  hello ');
    await store.send();
    expect(chat.send).toHaveBeenCalledWith({ conversationId: 'c1', text: 'hello', skills: 'auto' });
    expect(store.store.getState()).toMatchObject({ selected: 'c1' });
  });

  it('gives the text back when it could not be sent', async () => {
    const { chat, store } = createChat();
    chat.send.mockRejectedValueOnce(new Error('queue full'));
    store.select('c1');
    store.setDraft('hello');
    await expect(store.send()).rejects.toThrow('queue full');
    expect(store.store.getState().drafts.c1).toBe('hello');
  });

  it('draws all that came within a frame at once', async () => {
    const { store, frames, signal } = createChat([
      {
        kind: 'snapshot',
        id: 'c1',
        title: 'T',
        messages: [{ id: 'a', role: 'assistant', text: '', createdAt: 0, status: 'streaming' }],
      },
      { kind: 'delta', messageId: 'a', text: 'one ' },
      { kind: 'delta', messageId: 'a', text: 'two' },
    ]);
    store.select('c1');
    await store.follow('c1', signal);
    expect(frames).toHaveLength(1);
    frames[0]?.();
    expect(store.store.getState().conversation?.messages[0]?.text).toBe('one two');
  });

  it('keeps a draft for each conversation', () => {
    const { store } = createChat();
    store.setDraft('new');
    store.select('c2');
    store.setDraft('other');
    store.select(undefined);
    expect(store.store.getState().drafts).toEqual({ '': 'new', c2: 'other' });
  });
});
