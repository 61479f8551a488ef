import { isAbsolute, relative } from 'node:path';
import type { AppErrorData } from '../../shared/errors/app-error.ts';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import type { EngineStatus, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { Place } from '../compose/located.ts';
import type { Project, Warning } from '../compose/project.ts';
import type { ObservedState } from '../plan/observed-state.ts';
import type { Plan } from '../plan/operation.ts';
import { serviceSnapshots } from './service-snapshots.ts';
import { stackEndpoints } from './stack-endpoints.ts';
import { stackState } from './stack-state.ts';
import { toPlanView } from './to-plan-view.ts';

/** More would help nobody, and every snapshot carries them. */
const MAX_WARNINGS = 100;
const MAX_PLACES = 5;

export interface SnapshotInput {
  readonly seq: number;
  readonly projectId: string;
  readonly projectName: string;
  /** The project's folder. */
  readonly workspace: string;
  readonly engine: EngineStatus;
  readonly project: Project | undefined;
  readonly projectError: AppErrorData | undefined;
  /** Undefined while the engine has not been asked. */
  readonly observed: ObservedState | undefined;
  readonly plan: Plan | undefined;
  readonly queue: NonNullable<StackSnapshot['queue']>;
  readonly run: RunRecord | undefined;
  /** Last lines of failed instances, by id. */
  readonly lastLines: ReadonlyMap<string, readonly string[]>;
  /** Takes secrets out of what containers say. */
  readonly redact: (text: string) => string;
}

/** Everything that the window draws, from what the files say and what the engine reports. */
export function buildSnapshot(input: SnapshotInput): StackSnapshot {
  const connected = input.engine.kind === 'connected' && input.observed !== undefined;
  const services = [...serviceSnapshots({ ...input, engine: input.engine.engine })];
  const counted = services.filter(
    (service) =>
      service.available && !service.orphan && service.inactive !== true && service.replicas?.wanted !== 0,
  );
  return {
    seq: input.seq,
    project: projectPart(input),
    engine: input.engine,
    state: stackState(
      counted.map((service) => service.state),
      connected,
      input.run,
    ),
    services,
    networks: networks(input),
    endpoints: input.project === undefined ? [] : [...stackEndpoints(input.project, input.engine.engine)],
    ...(input.plan === undefined ? {} : { plan: toPlanView(input.plan) }),
    ...(input.projectError === undefined ? {} : { projectError: input.projectError }),
    ...(input.queue.length === 0 ? {} : { queue: input.queue }),
    ...(input.run === undefined ? {} : { run: input.run }),
  };
}

function projectPart(input: SnapshotInput): StackSnapshot['project'] {
  const { profiles = [], unsupported = [], warnings = [] } = input.project ?? {};
  const placeText = (at: Place) => toPlaceText(at, input.workspace);
  return {
    id: input.projectId,
    name: input.projectName,
    workspace: input.workspace,
    ...(input.project === undefined ? {} : { configFiles: [...input.project.configFiles] }),
    ...(profiles.length === 0 ? {} : { profiles: [...profiles] }),
    ...(unsupported.length === 0
      ? {}
      : {
          unsupported: unsupported.map(({ at, reason }) => ({ place: placeText(at), key: at.path, reason })),
        }),
    ...(warnings.some(({ kind }) => kind === 'unset_variable')
      ? { warnings: groupWarnings(warnings, placeText) }
      : {}),
  };
}

/** The same variable is often used in many places: said once. */
function groupWarnings(
  warnings: readonly Warning[],
  placeText: (at: Place) => string,
): NonNullable<StackSnapshot['project']['warnings']> {
  const byVariable = new Map<string, Set<string>>();
  for (const warning of warnings) {
    // Keys of old change nothing about what the files mean: for the command line.
    if (warning.kind !== 'unset_variable') continue;
    const { at, variable } = warning;
    byVariable.set(variable, (byVariable.get(variable) ?? new Set()).add(placeText(at)));
  }
  return [...byVariable].slice(0, MAX_WARNINGS).map(([text, places]) => ({
    kind: 'unset_variable',
    text,
    places: [...places].slice(0, MAX_PLACES),
  }));
}

/** `compose.yaml:12`: for people, who know the folder. */
function toPlaceText({ file, line }: Place, folder: string): string {
  const inside = relative(folder, file);
  const isOutside = inside === '' || inside.startsWith('..') || isAbsolute(inside);
  return `${isOutside ? file : inside}:${line}`;
}

function networks(input: SnapshotInput): StackSnapshot['networks'] {
  if (input.engine.engine === 'sandbox' || input.project === undefined) return [];
  return Object.values(input.project.networks).map((network) => {
    const found = input.observed?.networks.find((candidate) => candidate.name === network.name);
    const subnet = found?.subnet ?? network.ipam[0]?.subnet;
    return {
      name: network.name,
      ...(subnet === undefined ? {} : { subnet }),
      exists: found !== undefined || network.external,
    };
  });
}
