import type { ObservedContainer } from '../../main/plan/observed-state.ts';
import type { PublishedPort } from '../../shared/stack/stack-snapshot.ts';
import { formatAge } from './format-quantity.ts';

/** The fields of `docker compose ps --format json`, as far as they say something here. */
export interface ContainerRow {
  readonly ID: string;
  readonly Name: string;
  readonly Image: string;
  readonly Project: string;
  readonly Service: string;
  readonly State: string;
  readonly Status: string;
  readonly Health: string;
  readonly ExitCode: number;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Publishers: readonly {
    readonly URL: string;
    readonly TargetPort: number;
    readonly PublishedPort: number;
    readonly Protocol: string;
  }[];
}

export function containerRow(container: ObservedContainer, project: string, now: number): ContainerRow {
  return {
    ID: container.id,
    Name: container.name,
    Image: container.imageRef,
    Project: project,
    Service: container.service,
    State: container.state,
    Status: containerStatus(container, now),
    Health: container.health === 'none' ? '' : container.health,
    ExitCode: container.exitCode ?? 0,
    Labels: container.labels,
    Publishers: container.ports.map(({ containerPort, hostIp, hostPort, protocol }) => ({
      URL: hostIp,
      TargetPort: containerPort,
      PublishedPort: hostPort,
      Protocol: protocol,
    })),
  };
}

/** `Up 3 minutes (healthy)`, `Exited (1) 2 hours ago` */
export function containerStatus(container: ObservedContainer, now: number): string {
  const { exitCode = 0, finishedAt, health, startedAt, state } = container;
  const age = (since: number | undefined) => (since === undefined ? '' : ` ${formatAge(now - since)}`);
  const ago = finishedAt === undefined ? '' : `${age(finishedAt)} ago`;
  switch (state) {
    case 'running':
      return `Up${age(startedAt)}${health === 'none' ? '' : ` (${health === 'starting' ? 'health: starting' : health})`}`;
    case 'paused':
      return `Up${age(startedAt)} (Paused)`;
    case 'restarting':
      return `Restarting (${exitCode})${ago}`;
    case 'exited':
      return `Exited (${exitCode})${ago}`;
    case 'created':
      return 'Created';
    case 'dead':
      return 'Dead';
  }
}

/** `127.0.0.1:8080->80/tcp`; IPv4 and IPv6 of the same port once. */
export function portTexts(ports: readonly PublishedPort[]): string {
  const texts = ports.map(({ containerPort, hostIp, hostPort, protocol }) => {
    const host = hostIp.includes(':') ? `[${hostIp}]` : hostIp;
    return `${host}:${hostPort}->${containerPort}/${protocol}`;
  });
  return [...new Set(texts)].join(', ');
}
