import { useClient } from '../../rpc/client-context.tsx';
import { useAction } from '../../rpc/use-action.ts';

/** Sends a change; what is shown follows when main has kept it. */
export function useUpdateSettings() {
  const client = useClient();
  type Change = Parameters<typeof client.settings.update>[0];
  const { run } = useAction((change: Change) => client.settings.update(change));
  return (change: Change) => void run(change);
}
