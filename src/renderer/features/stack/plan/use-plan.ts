import { useEffect, useState } from 'react';
import type { AppErrorData } from '../../../../shared/errors/app-error.ts';
import type { PlanView } from '../../../../shared/stack/plan-view.ts';
import type { RpcClient } from '../../../rpc/client.ts';
import { useClient } from '../../../rpc/client-context.tsx';
import { readAppError } from '../../../rpc/read-app-error.ts';

export type PlanInput = Parameters<RpcClient['stack']['plan']>[0];

export type PlanState =
  | { readonly kind: 'loading' }
  /** `isStale`: a new one is being made, for other options. */
  | { readonly kind: 'ready'; readonly plan: PlanView; readonly isStale: boolean }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** A plan made now, and again for other options: the one in the snapshot may be a moment old. */
export function usePlan(input: PlanInput): PlanState {
  const client = useClient();
  const [state, setState] = useState<PlanState>({ kind: 'loading' });
  const key = JSON.stringify(input);
  useEffect(() => {
    const controller = new AbortController();
    setState((before) => (before.kind === 'ready' ? { ...before, isStale: true } : { kind: 'loading' }));
    const wanted: PlanInput = JSON.parse(key);
    client.stack
      .plan(wanted, { signal: controller.signal })
      .then((plan) => setState({ kind: 'ready', plan, isStale: false }))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setState({ kind: 'failed', error: readAppError(error) });
      });
    return () => controller.abort();
  }, [client, key]);
  return state;
}
