import { spotlight } from '@mantine/spotlight';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { AppEvent } from '../../shared/app/app-contract.ts';
import { assertNever } from '../../shared/assert-never.ts';
import { showErrorToast } from '../errors/error-toast.tsx';
import type { RpcClient } from '../rpc/client.ts';
import { useClient } from '../rpc/client-context.tsx';
import { createMirror } from '../rpc/mirror-store.ts';
import { runCommand } from './commands.ts';
import { unsavedStore } from './unsaved-store.ts';

/** Follows what main tells unasked: menu and tray commands, faults of background work, the wish to quit. */
export function useAppEvents(): { quitAsked: boolean; answerQuit: (quit: boolean) => void } {
  const client = useClient();
  const [quitAsked, setQuitAsked] = useState(false);
  const unsaved = useStore(unsavedStore, (state) => state.keys.size > 0);

  useEffect(() => {
    // A failure here shows as "connection lost"; there is nothing more to say about it.
    client.app.setUnsaved({ unsaved }).catch(() => undefined);
  }, [client, unsaved]);

  useEffect(() => followEvents(client, () => setQuitAsked(true)), [client]);

  const answerQuit = (quit: boolean) => {
    setQuitAsked(false);
    client.app.confirmQuit({ quit }).catch(() => undefined);
  };
  return { quitAsked, answerQuit };
}

function followEvents(client: RpcClient, askQuit: () => void): () => void {
  const mirror = createMirror<AppEvent>({ open: (signal) => client.app.events({}, { signal }) });
  const unsubscribe = mirror.store.subscribe((state) => {
    if (state.kind === 'live') handleEvent(state.value, askQuit);
  });
  const release = mirror.retain();
  return () => {
    unsubscribe();
    release();
  };
}

function handleEvent(event: AppEvent, askQuit: () => void): void {
  switch (event.kind) {
    case 'command':
      if (event.command === 'palette.open') spotlight.open();
      else runCommand(event.command);
      return;
    case 'fault':
      showErrorToast(event.error);
      return;
    case 'quitRequested':
      askQuit();
      return;
    default:
      assertNever(event);
  }
}
