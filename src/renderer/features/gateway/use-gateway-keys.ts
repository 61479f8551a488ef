import type { KeyCreated, KeyList, KeySettings } from '@skilldeck/agent-skills';
import { useCallback, useEffect, useState } from 'react';
import type { AppErrorData } from '../../../shared/errors/app-error.ts';
import { useClient } from '../../rpc/client-context.tsx';
import { readAppError } from '../../rpc/read-app-error.ts';

export interface GatewayKeys {
  readonly list: KeyList | undefined;
  readonly error: AppErrorData | undefined;
  readonly create: (settings: KeySettings) => Promise<KeyCreated>;
  readonly rotate: (id: string) => Promise<KeyCreated>;
  readonly update: (id: string, settings: KeySettings) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
}

/** How many snapshots of the gateway pass before its keys are asked for again. */
const EVERY = 5;

/** The keys of the gateway; what they have used is asked for again every few seconds. */
export function useGatewayKeys(seq: number): GatewayKeys {
  const client = useClient();
  const [list, setList] = useState<KeyList>();
  const [error, setError] = useState<AppErrorData>();
  const refresh = useCallback(async () => {
    try {
      setList(await client.gateway.keys.list({}));
      setError(undefined);
    } catch (thrown) {
      setError(readAppError(thrown));
    }
  }, [client]);
  const turn = Math.floor(seq / EVERY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the turn is what asks again.
  useEffect(() => {
    void refresh();
  }, [refresh, turn]);
  const thenRefresh = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    await refresh();
    return result;
  };
  return {
    list,
    error,
    create: (settings) => thenRefresh(client.gateway.keys.create(settings)),
    rotate: (id) => thenRefresh(client.gateway.keys.rotate({ id })),
    update: async (id, settings) => {
      await thenRefresh(client.gateway.keys.update({ id, settings }));
    },
    remove: async (id) => {
      await thenRefresh(client.gateway.keys.remove({ id }));
    },
  };
}
