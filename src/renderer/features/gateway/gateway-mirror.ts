import type { RpcClient } from '../../rpc/client.ts';
import { createMirror } from '../../rpc/mirror-store.ts';
import { useFeature } from '../../rpc/use-feature.ts';

const createGatewayMirror = (client: RpcClient) =>
  createMirror({ open: (signal) => client.gateway.subscribe({}, { signal }), seqOf: ({ seq }) => seq });

/** Asks the gateway once a second while somebody looks. */
export const useGatewayMirror = () => useFeature(createGatewayMirror);
