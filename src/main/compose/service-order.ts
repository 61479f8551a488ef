import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';

/** What each service needs first. Names that are no key are ignored: who reads the file reports those. */
export type DependencyGraph = Readonly<Record<string, readonly string[]>>;

/**
 * Names so that each comes after all it depends on; alphabetical where the order is free.
 *
 * @throws AppError `compose.dependency_cycle` that names the cycle.
 */
export function orderByDependency(graph: DependencyGraph): readonly string[] {
  const { order, cycle } = walk(graph);
  if (cycle === undefined) return order;
  const path = cycle.join(' → ');
  throw new AppError('compose.dependency_cycle', phrase('cycle_depends', { cycle: path }), {
    hint: 'Remove one of these depends_on entries.',
    params: { cycle: path },
  });
}

/** The same without faults: an edge that closes a circle is left out. For graphs read from labels. */
export function orderLeniently(graph: DependencyGraph): readonly string[] {
  return walk(graph).order;
}

function walk(graph: DependencyGraph): { order: readonly string[]; cycle?: readonly string[] } {
  const known = new Map(Object.entries(graph));
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  let cycle: readonly string[] | undefined;
  for (const root of [...known.keys()].sort()) {
    // An explicit stack: a chain of ten thousand services must not overflow ours.
    const path: { readonly name: string; readonly rest: string[] }[] = [];
    const enter = (name: string) => {
      state.set(name, 'open');
      path.push({ name, rest: [...(known.get(name) ?? [])].sort().reverse() });
    };
    if (!state.has(root)) enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        state.set(top.name, 'done');
        order.push(top.name);
        path.pop();
      } else if (known.has(next) && !state.has(next)) enter(next);
      else if (state.get(next) === 'open') {
        const names = path.map((entry) => entry.name);
        cycle ??= [...names.slice(names.indexOf(next)), next];
      }
    }
  }
  return cycle === undefined ? { order } : { order, cycle };
}
