import type { Cause, ServiceChange } from '../../shared/stack/plan-view.ts';
import type { ObservedContainer } from './observed-state.ts';
import { isAlive } from './own-state.ts';
import { type VolumePlan, volumeKeys } from './plan-volumes.ts';
import { replacementOrder } from './replacement-order.ts';
import type { DecidedInstance, ServiceDecision } from './service-decision.ts';
import type { PlanUpOptions } from './up-options.ts';

export interface OrphanInput {
  readonly service: string;
  readonly containers: readonly ObservedContainer[];
  readonly cause: Cause;
  readonly removed: boolean;
}

/** What a plan to start means for one service. Volumes that stay although they changed are told as well. */
export function upChange(
  decision: ServiceDecision,
  volumes: VolumePlan,
  options: Pick<PlanUpOptions, 'engine' | 'noStart'>,
): ServiceChange {
  const { kept, missing, missingCause, service, surplus } = decision;
  const from = kept.length + surplus.length;
  const changes = kept.flatMap(({ decision: what }) => ('cause' in what ? [what.cause] : []));
  const scaling: Cause[] =
    surplus.length === 0
      ? []
      : [
          {
            kind: 'scale',
            text: `${service.replicas} instances are wanted, ${from} exist`,
            params: { from: String(from), to: String(service.replicas) },
          },
        ];
  return {
    service: service.name,
    action: upAction(decision, from),
    causes: distinct([
      ...changes,
      ...(missing.length === 0 ? [] : [missingCause]),
      ...scaling,
      ...volumeKeys(service).flatMap((key) => volumes.changed.get(key) ?? []),
    ]),
    replicas: { from, to: service.replicas },
    downtime: upDowntime(decision, options),
  };
}

export function orphanChange({ cause, containers, removed, service }: OrphanInput): ServiceChange {
  const from = containers.length;
  if (!removed)
    return { service, action: 'none', causes: [cause], replicas: { from, to: from }, downtime: 'none' };
  return removedChange(service, containers, [cause]);
}

export function removedChange(
  service: string,
  containers: readonly ObservedContainer[],
  causes: readonly Cause[],
): ServiceChange {
  const downtime = containers.some(isAlive) ? 'stopped' : 'none';
  return {
    service,
    action: 'remove',
    causes: [...causes],
    replicas: { from: containers.length, to: 0 },
    downtime,
  };
}

export function distinct(causes: readonly Cause[]): Cause[] {
  return [...new Map(causes.map((cause) => [`${cause.kind} ${cause.text}`, cause])).values()];
}

function upAction({ kept, missing, service }: ServiceDecision, from: number): ServiceChange['action'] {
  const has = (...kinds: readonly string[]) => kept.some(({ decision }) => kinds.includes(decision.kind));
  if (from === 0) return missing.length === 0 ? 'none' : 'create';
  if (has('renew')) return 'replace';
  if (from !== service.replicas) return 'scale';
  if (has('restart')) return 'restart';
  return has('start', 'unpause') ? 'start' : 'none';
}

function upDowntime(
  { kept, service, surplus, until }: ServiceDecision,
  { engine, noStart }: Pick<PlanUpOptions, 'engine' | 'noStart'>,
): ServiceChange['downtime'] {
  const answering = [...kept.map(({ container }) => container), ...surplus].filter(isAlive);
  if (answering.length === 0) return 'none';
  if (service.replicas === 0) return 'stopped';
  const disturbed = kept.filter(({ container, decision }) => isAlive(container) && isDisturbing(decision));
  if (disturbed.length === 0) return kept.some(({ container }) => isAlive(container)) ? 'none' : 'short';
  if (noStart) return 'stopped';
  if (engine === 'sandbox') return 'short';
  if (
    disturbed.every(
      ({ container, decision }) =>
        goesOn(decision) && replacementOrder(service, container, until) === 'start-first',
    )
  )
    return 'none';
  const { parallelism = 1 } = service.definition.deploy?.update_config ?? {};
  const others =
    kept.filter(({ container }) => isAlive(container)).length -
    (parallelism === 0 ? disturbed.length : parallelism);
  return others > 0 && disturbed.every(({ decision }) => goesOn(decision)) ? 'none' : 'short';
}

function isDisturbing({ kind }: DecidedInstance['decision']): boolean {
  return kind === 'renew' || kind === 'restart';
}

/** Replaced in turns, unlike where a network takes all of them down together. */
function goesOn(decision: DecidedInstance['decision']): boolean {
  return decision.kind === 'renew' && decision.cause.kind !== 'network_changed';
}
