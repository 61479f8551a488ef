import type { ObservedContainer } from './observed-state.ts';
import { temporaryPrefix } from './resolved-definition.ts';

export interface ServiceInstances {
  /** Those that the plan works with, by number. */
  readonly kept: readonly ObservedContainer[];
  /** More than are wanted. */
  readonly surplus: readonly ObservedContainer[];
  /** What an interrupted replacement has left beside its original, and second ones of a number. */
  readonly leftovers: readonly ObservedContainer[];
  /** Numbers of those to create; as Compose, always above the highest. */
  readonly missing: readonly number[];
}

/** Which instances stay: those that are up to date first, then those with the lowest numbers. */
export function chooseInstances(
  containers: readonly ObservedContainer[],
  wanted: number,
  nameOf: (number: number) => string,
  isDiverged: (container: ObservedContainer) => boolean,
): ServiceInstances {
  const { instances, leftovers } = withoutLeftovers(containers, nameOf);
  const surplus =
    instances.length <= wanted
      ? []
      : [
          ...instances.filter((container) => !isDiverged(container)),
          ...instances.filter((container) => isDiverged(container)),
        ].slice(wanted);
  const highest = Math.max(0, ...instances.map(({ number }) => number));
  return {
    kept: instances.filter((container) => !surplus.includes(container)),
    surplus,
    leftovers,
    missing: Array.from(
      { length: Math.max(0, wanted - instances.length) },
      (_, index) => highest + index + 1,
    ),
  };
}

function withoutLeftovers(
  containers: readonly ObservedContainer[],
  nameOf: (number: number) => string,
): { readonly instances: readonly ObservedContainer[]; readonly leftovers: readonly ObservedContainer[] } {
  const ids = new Set(containers.map(({ id }) => id.slice(0, 12)));
  const byNumber = new Map<number, ObservedContainer>();
  const leftovers: ObservedContainer[] = [];
  for (const container of containers) {
    const original = temporaryPrefix(container.name);
    if (original !== undefined && ids.has(original)) {
      leftovers.push(container);
      continue;
    }
    const other = byNumber.get(container.number);
    const better = other === undefined || rank(container, nameOf) < rank(other, nameOf);
    if (other !== undefined) leftovers.push(better ? other : container);
    if (better) byNumber.set(container.number, container);
  }
  const instances = [...byNumber.values()].sort((a, b) => a.number - b.number);
  return { instances, leftovers };
}

function rank(container: ObservedContainer, nameOf: (number: number) => string): number {
  if (container.name === nameOf(container.number)) return 0;
  if (temporaryPrefix(container.name) !== undefined) return 3;
  return container.state === 'running' ? 1 : 2;
}
