import { LABEL } from './labels.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';

/** What is observed, without all that is not the project's own, in an order that does not depend on the engine's. */
export interface OwnState extends ObservedState {
  readonly byService: ReadonlyMap<string, readonly ObservedContainer[]>;
}

export interface OwnStateOptions {
  /** Absent: the observation is trusted to be of one project. */
  readonly projectName?: string;
  /** With containers of `docker compose run`. */
  readonly oneOffs?: boolean;
}

export function ownState(observed: ObservedState, options: OwnStateOptions = {}): OwnState {
  const containers = observed.containers
    .filter((container) => isOwn(container, options))
    .sort(
      (a, b) =>
        compare(a.service, b.service) ||
        a.number - b.number ||
        compare(a.name, b.name) ||
        compare(a.id, b.id),
    );
  const byService = new Map<string, ObservedContainer[]>();
  for (const container of containers) {
    const others = byService.get(container.service);
    if (others === undefined) byService.set(container.service, [container]);
    else others.push(container);
  }
  return {
    containers,
    byService,
    networks: [...observed.networks].sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id)),
    volumes: [...observed.volumes].sort((a, b) => compare(a.name, b.name)),
    images: observed.images,
  };
}

/** Locale-free: the same everywhere. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function isAlive({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting';
}

function isOwn({ labels }: ObservedContainer, { oneOffs = false, projectName }: OwnStateOptions): boolean {
  const owner = labels[LABEL.project];
  if (projectName !== undefined && owner !== undefined && owner !== projectName) return false;
  return oneOffs || labels[LABEL.oneoff] !== 'True';
}
