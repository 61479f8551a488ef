import { createContext, type ReactNode, useContext } from 'react';
import type { RpcClient } from './client.ts';

const ClientContext = createContext<{ readonly client: RpcClient } | null>(null);

export function ClientProvider({ client, children }: { client: RpcClient; children: ReactNode }) {
  return <ClientContext value={{ client }}>{children}</ClientContext>;
}

export function useClient(): RpcClient {
  const holder = useContext(ClientContext);
  if (!holder) throw new Error('useClient needs a ClientProvider above it.');
  return holder.client;
}
