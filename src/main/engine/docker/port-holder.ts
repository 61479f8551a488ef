import { LABEL } from '../../plan/labels.ts';
import type { PortHolder } from '../stack-engine.ts';
import type { ApiContainerSummary } from './api-types.ts';
import type { Connection } from './connect.ts';

/** The running container that publishes a TCP port of this machine, of whatever project. */
export async function findPortHolder(
  { api, isLocal }: Connection,
  port: number,
  signal: AbortSignal,
): Promise<PortHolder | undefined> {
  // Ports of an engine elsewhere are not this machine's.
  if (!isLocal) return undefined;
  const running = await api.json<readonly ApiContainerSummary[]>({
    path: '/containers/json',
    query: { filters: { status: ['running'] } },
    signal,
  });
  const holder = running.find(({ Ports: ports }) =>
    ports?.some(({ PublicPort: published, Type: type }) => published === port && type === 'tcp'),
  );
  if (holder === undefined) return undefined;
  const project = holder.Labels?.[LABEL.project];
  return {
    container: holder.Names?.[0]?.replace(/^\//, '') ?? holder.Id.slice(0, 12),
    ...(project === undefined ? {} : { project }),
  };
}
