import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { ConversationSummary } from '../../../shared/chat/chat-contract.ts';
import type { RpcClient } from '../../rpc/client.ts';
import { createMirror } from '../../rpc/mirror-store.ts';
import { useFeature } from '../../rpc/use-feature.ts';
import { useMirrorValue } from '../../rpc/use-mirror.ts';
import { type ChatState, ChatStore } from './chat-store.ts';

const createChat = (client: RpcClient): ChatStore =>
  new ChatStore({
    client,
    nextFrame: (run) => void requestAnimationFrame(run),
    pause: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  });

const createListMirror = (client: RpcClient) =>
  createMirror({ open: (signal) => client.chat.list({}, { signal }) });

export function useChatStore(): ChatStore {
  return useFeature(createChat);
}

export function useChat<T>(selector: (state: ChatState) => T): T {
  return useStore(useChatStore().store, selector);
}

export function useConversations(): readonly ConversationSummary[] | undefined {
  return useMirrorValue(useFeature(createListMirror));
}

/** Follows the selected conversation while the page is shown. */
export function useFollowConversation(): void {
  const chat = useChatStore();
  const selected = useChat((state) => state.selected);
  useEffect(() => {
    if (selected === undefined) return;
    const controller = new AbortController();
    void chat.follow(selected, controller.signal);
    return () => controller.abort();
  }, [chat, selected]);
}
