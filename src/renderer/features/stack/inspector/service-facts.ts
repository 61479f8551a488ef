import type { TFunction } from 'i18next';
import type { ServiceSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import type { ServiceStats } from '../../../../shared/stats/stats-contract.ts';
import type { Fact } from '../../../ui/facts.tsx';
import { formatAge, formatBytes, formatPercent } from '../../../ui/format.ts';

interface FactsInput {
  readonly t: TFunction<'stack'>;
  readonly tShell: TFunction<'shell'>;
  readonly service: ServiceSnapshot;
  readonly stats: ServiceStats | undefined;
  readonly isSandbox: boolean;
  readonly now: number;
}

/** What the inspector lists about a service, in its order; what is not known is left out. */
export function serviceFacts({ t, tShell, service, stats, isSandbox, now }: FactsInput): Fact[] {
  const { state, limits } = service;
  const since = 'since' in state ? state.since : undefined;
  const exitCode = 'exitCode' in state ? state.exitCode : undefined;
  const known = (label: string, value: string | undefined, mono = false): Fact[] =>
    value === undefined || value === '' ? [] : [{ label, value, mono }];
  const bounds = [
    limits.cpus === undefined ? '' : t('inspector.cpus', { count: limits.cpus }),
    limits.memoryBytes === undefined ? '' : formatBytes(limits.memoryBytes),
  ].filter((text) => text !== '');
  const ports = service.ports
    .map((port) => `${port.hostIp}:${port.hostPort} → ${port.containerPort}`)
    .join('\n');
  return [
    ...known(t('inspector.since'), since === undefined ? undefined : formatAge(tShell, now - since)),
    ...known(t('inspector.exitCode'), exitCode?.toString()),
    ...known(t('inspector.cpu'), stats && formatPercent(stats.cpuPercent)),
    ...known(t('inspector.memory'), stats && formatBytes(stats.memoryBytes)),
    // Local processes run without the limits that the files ask for.
    ...known(t('inspector.limits'), isSandbox ? undefined : bounds.join(' · ') || t('inspector.noLimits')),
    ...known(t('inspector.ports'), ports || t('inspector.noPorts'), ports !== ''),
    ...known(isSandbox ? t('inspector.command') : t('inspector.image'), service.image, true),
    ...known(t('inspector.dependsOn'), service.dependsOn.join(', ')),
    // Containers are listed below, each with its own state.
    ...(isSandbox
      ? known(t('inspector.instances'), service.instances.map(({ name }) => name).join('\n'), true)
      : []),
  ];
}
