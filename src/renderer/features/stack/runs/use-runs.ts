import { useEffect, useState } from 'react';
import type { RunRecord } from '../../../../shared/stack/run-record.ts';
import { useClient } from '../../../rpc/client-context.tsx';
import { useProjectId } from '../../../rpc/selected-project.ts';

const KEPT_RUNS = 50;

/** Earlier runs, read again when one begins or ends; the newest comes from the snapshot, which is live. */
export function useRuns(current: RunRecord | undefined): readonly RunRecord[] {
  const client = useClient();
  const projectId = useProjectId();
  const [runs, setRuns] = useState<readonly RunRecord[]>([]);
  const key = `${current?.id}:${current?.outcome}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the list may have changed
  useEffect(() => {
    const controller = new AbortController();
    client.stack
      .runs({ projectId, limit: KEPT_RUNS }, { signal: controller.signal })
      .then((list) => setRuns(list))
      // The list is an extra; without it the newest run is still shown.
      .catch(() => undefined);
    return () => controller.abort();
  }, [client, projectId, key]);
  if (!current) return runs;
  return [current, ...runs.filter((run) => run.id !== current.id)];
}
