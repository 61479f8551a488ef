import { useCallback, useEffect, useRef, useState } from 'react';
import type { AppErrorData } from '../../shared/errors/app-error.ts';
import { showErrorToast } from '../errors/error-toast.tsx';
import { readAppError } from './read-app-error.ts';

export interface Action<A extends readonly unknown[]> {
  readonly run: (...args: A) => Promise<void>;
  readonly pending: boolean;
  readonly error: AppErrorData | undefined;
  readonly clearError: () => void;
}

/**
 * A call behind a button: one at a time, with its `pending` and its error.
 *
 * `onError: 'inline'` leaves the error to the caller, who shows `error`; otherwise it becomes a toast.
 */
export function useAction<A extends readonly unknown[]>(
  call: (...args: A) => Promise<unknown>,
  options: { readonly onError?: 'toast' | 'inline' } = {},
): Action<A> {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<AppErrorData>();
  const latest = useRef(call);
  const busy = useRef(false);
  useEffect(() => {
    latest.current = call;
  });
  const inline = options.onError === 'inline';
  const run = useCallback(
    async (...args: A) => {
      if (busy.current) return;
      busy.current = true;
      setPending(true);
      setError(undefined);
      try {
        await latest.current(...args);
      } catch (thrown) {
        const data = readAppError(thrown);
        if (data.code === 'cancelled') return;
        if (inline) setError(data);
        else showErrorToast(data);
      } finally {
        busy.current = false;
        setPending(false);
      }
    },
    [inline],
  );
  return { run, pending, error, clearError: useCallback(() => setError(undefined), []) };
}
