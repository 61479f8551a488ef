import type { Cause } from '../../shared/stack/plan-view.ts';
import type { Project, Service } from '../compose/project.ts';
import { cause } from './causes.ts';
import { containerName } from './container-name.ts';
import type { Dependencies } from './dependencies.ts';
import {
  type DecisionInput,
  decideInstance,
  type InstanceDecision,
  recreateCause,
} from './instance-decision.ts';
import type { ObservedContainer } from './observed-state.ts';
import { sharedInstance, sharedServices } from './resolved-definition.ts';
import { chooseInstances, type ServiceInstances } from './service-instances.ts';
import type { WaitTarget } from './wait-target.ts';

export interface DecidedInstance {
  readonly container: ObservedContainer;
  readonly decision: InstanceDecision;
}

/** What has to happen to one service. */
export interface ServiceDecision extends Pick<ServiceInstances, 'surplus' | 'leftovers' | 'missing'> {
  readonly service: Service;
  readonly until: WaitTarget;
  readonly kept: readonly DecidedInstance[];
  readonly missingCause: Cause;
  /** A container of it is replaced or restarted: `depends_on: { restart: true }` takes dependants along. */
  readonly isMoved: boolean;
  /** One of it was stopped and starts: its namespaces are new, and who shares them has to start again as well. */
  readonly isStarted: boolean;
  /** The container that others share, when it stays. */
  readonly sharedContainer: string | undefined;
}

export function decideService(
  input: DecisionInput,
  dependencies: Dependencies,
  decided: ReadonlyMap<string, ServiceDecision>,
): ServiceDecision {
  const { observed, project, service, until } = input;
  const containers = observed.byService.get(service.name) ?? [];
  const chosen = chooseInstances(
    containers,
    service.replicas,
    (number) => containerName(project, service, number),
    (container) => recreateCause(input, container) !== undefined,
  );
  const moved =
    Object.keys(dependencies).find((name) => dependencies[name]?.restart && decided.get(name)?.isMoved) ??
    (input.engine === 'sandbox' ? [] : sharedServices(service.definition)).find(
      (name) => decided.get(name)?.isStarted,
    );
  const kept = chosen.kept.map((container) => ({
    container,
    decision: withDependency(decideInstance(input, container), container, moved),
  }));
  const { leftovers, missing, surplus } = chosen;
  return {
    service,
    until,
    kept,
    surplus,
    leftovers,
    missing,
    missingCause: missingCause(service, chosen.kept.length),
    isMoved: kept.some(({ decision }) => decision.kind === 'renew' || decision.kind === 'restart'),
    isStarted: kept.some(({ decision }) => decision.kind === 'start'),
    sharedContainer: stayingContainer(project, service, kept, missing),
  };
}

/** A dependency that is replaced takes its dependants along where they ask for it. */
function withDependency(
  decision: InstanceDecision,
  { state }: ObservedContainer,
  moved: string | undefined,
): InstanceDecision {
  if (moved === undefined || state !== 'running' || decision.kind === 'renew') return decision;
  return { kind: 'restart', cause: cause('dependency', `${moved} is replaced`, { dependency: moved }) };
}

function missingCause(service: Service, existing: number): Cause {
  if (existing === 0) return cause('missing', `${service.name} does not exist yet`);
  const params = { from: String(existing), to: String(service.replicas) };
  return cause('scale', `${service.replicas} instances are wanted, ${existing} exist`, params);
}

function stayingContainer(
  project: Project,
  service: Service,
  kept: readonly DecidedInstance[],
  missing: readonly number[],
): string | undefined {
  const after = [
    ...kept.map(({ container: { id, name, number }, decision }) =>
      decision.kind === 'renew' ? { name: containerName(project, service, number) } : { name, id },
    ),
    ...missing.map((number) => ({ name: containerName(project, service, number) })),
  ];
  const shared: { readonly name: string; readonly id?: string } | undefined = sharedInstance(after);
  return shared?.id;
}
