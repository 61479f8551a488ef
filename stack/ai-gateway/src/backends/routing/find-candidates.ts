/** What the choice among backends needs to know of one. */
export interface BackendView {
  readonly name: string;
  /** Models that it lists. */
  readonly models: readonly string[];
  /** The one it takes when none is named. */
  readonly defaultModel: string | undefined;
  readonly takesAnyModel: boolean;
  /** Lower is asked first. */
  readonly priority: number;
  readonly weight: number;
  readonly inFlight: number;
  /** False: asked only when no other can be. */
  readonly isUsable: boolean;
}

export interface CandidateView {
  readonly backend: string;
  /** The backend's own name of the model; undefined: its default. */
  readonly model: string | undefined;
}

/** Names that mean: whatever there is. */
const DEFAULT_NAMES = new Set(['', 'auto', 'default', 'skilldeck']);

/**
 * Who may answer for a name, in order of preference; none, when the name is unknown. The name is an alias, a backend,
 * `backend/model`, a model, or empty for the default.
 *
 * @param backends in the order of the configuration
 */
export function findCandidates(
  name: string | undefined,
  aliases: Readonly<Record<string, readonly string[]>>,
  backends: readonly BackendView[],
  random: () => number,
): CandidateView[] {
  const wanted = name ?? '';
  const targets = Object.hasOwn(aliases, wanted) ? (aliases[wanted] ?? []) : [wanted];
  const found = targets.flatMap((target) =>
    DEFAULT_NAMES.has(target) ? ofDefault(backends, random) : ofName(target, backends, random),
  );
  if (found.length === 1) return found;
  const seen = new Set<string>();
  const distinct = found.filter(({ backend, model }) => {
    const key = `${backend}\n${model ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
  const isUsable = new Map(backends.map((backend) => [backend.name, backend.isUsable]));
  // A stable sort: the order of preference holds among those that can answer, and among the others.
  return distinct.sort((a, b) => Number(isUsable.get(b.backend)) - Number(isUsable.get(a.backend)));
}

/** The backends one after the other, each with its default model; replicas of the first one's model share its place. */
function ofDefault(backends: readonly BackendView[], random: () => number): CandidateView[] {
  const inOrder = [...backends].sort((a, b) => a.priority - b.priority);
  const first = inOrder.find(({ isUsable }) => isUsable) ?? inOrder[0];
  if (first === undefined) return [];
  const model = first.defaultModel;
  const replicas =
    model === undefined
      ? [first]
      : inOrder.filter((one) => one.priority === first.priority && one.defaultModel === model);
  const others = inOrder.filter((one) => !replicas.includes(one));
  return [...byLoad(replicas, random), ...others].map(({ name }) => ({ backend: name, model: undefined }));
}

function ofName(name: string, backends: readonly BackendView[], random: () => number): CandidateView[] {
  const named = backends.find((backend) => backend.name === name);
  if (named !== undefined) return [{ backend: named.name, model: undefined }];
  const slash = name.indexOf('/');
  const prefixed = slash > 0 ? backends.find((backend) => backend.name === name.slice(0, slash)) : undefined;
  if (prefixed !== undefined) return [{ backend: prefixed.name, model: name.slice(slash + 1) }];
  const listing = backends.filter(
    ({ defaultModel, models }) => models.includes(name) || defaultModel === name,
  );
  if (listing.length > 0)
    return inGroups(listing, random).map((backend) => ({ backend: backend.name, model: name }));
  const open = backends.filter(({ takesAnyModel }) => takesAnyModel).sort((a, b) => a.priority - b.priority);
  const taker = open.find(({ isUsable }) => isUsable) ?? open[0];
  return taker === undefined ? [] : [{ backend: taker.name, model: name }];
}

function inGroups(backends: readonly BackendView[], random: () => number): readonly BackendView[] {
  if (backends.length === 1) return backends;
  const priorities = [...new Set(backends.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    byLoad(
      backends.filter((one) => one.priority === priority),
      random,
    ),
  );
}

/**
 * The least loaded for its weight first, equals in a random order by weight: at rest and under load each gets its share,
 * and a slow one is not given more than it can take. A weight of 0 comes last.
 */
function byLoad(backends: readonly BackendView[], random: () => number): readonly BackendView[] {
  if (backends.length === 1) return backends;
  return backends
    .map((backend) => ({
      backend,
      load: backend.weight === 0 ? Number.POSITIVE_INFINITY : backend.inFlight / backend.weight,
      // Efraimidis and Spirakis: the largest of these keys is each one's with a chance in proportion to its weight.
      key: backend.weight === 0 ? 0 : random() ** (1 / backend.weight),
    }))
    .sort((a, b) => compare(a.load, b.load) || b.key - a.key)
    .map(({ backend }) => backend);
}

/** Infinities are equal to each other. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
