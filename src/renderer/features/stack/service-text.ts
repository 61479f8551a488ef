import type { TFunction } from 'i18next';
import type { ServiceSnapshot, ServiceState } from '../../../shared/stack/stack-snapshot.ts';

/** The state in a few words, with the number that matters: `degraded 2/3`, `failed (137)`. */
export function stateText(t: TFunction<'stack'>, state: ServiceState): string {
  const text = t(`state.${state.kind}`);
  if (state.kind === 'degraded') return `${text} ${state.running}/${state.wanted}`;
  const exitCode = 'exitCode' in state ? state.exitCode : undefined;
  return exitCode === undefined ? text : `${text} (${exitCode})`;
}

/** The same for a service, which may not be run at all. */
export function serviceStateText(
  t: TFunction<'stack'>,
  service: Pick<ServiceSnapshot, 'available' | 'inactive' | 'state'>,
): string {
  if (!service.available) return t('map.notInSandbox');
  return service.inactive ? t('map.inactive') : stateText(t, service.state);
}

/** `2/3` where more than one is wanted or fewer run than that; nothing where there is nothing to say. */
export function replicasText({ replicas }: Pick<ServiceSnapshot, 'replicas'>): string {
  if (!replicas || replicas.wanted <= 1) return '';
  return `${replicas.running}/${replicas.wanted}`;
}

/** Without the registry's host, so that name and tag fit. */
export function imageText(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && /[.:]/.test(first) ? rest.join('/') : image;
}

export function portsText({ ports }: Pick<ServiceSnapshot, 'ports'>): string {
  const texts = ports.map(
    ({ hostPort, containerPort, protocol }) =>
      `${hostPort} → ${containerPort}${protocol === 'tcp' ? '' : `/${protocol}`}`,
  );
  // The same port on IPv4 and IPv6 is one to a person.
  return [...new Set(texts)].join(' · ');
}
