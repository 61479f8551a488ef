import type { ServiceSnapshot } from '../../../shared/stack/stack-snapshot.ts';

export const CLIENTS_ID = '@clients';
export const MODEL_ID = '@model';

export interface LaidOutEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** On the way of a chat request. */
  readonly isHot: boolean;
  /** Where it passes the columns between its ends: level, from `x` on. */
  readonly via?: readonly { readonly x: number; readonly y: number; readonly width: number }[];
}

export type MapService = Pick<ServiceSnapshot, 'name' | 'role' | 'dependsOn' | 'available'>;

/** The way of requests, not the order of starts: a gateway that waits for the file manager does not call it. */
export function toEdges(services: readonly MapService[]): LaidOutEdge[] {
  const usable = services.filter((service) => service.available);
  const ofRole = (role: MapService['role']) =>
    usable.filter((service) => service.role === role).map((service) => service.name);
  const [proxies, gateways, files] = [ofRole('proxy'), ofRole('gateway'), ofRole('file-manager')];
  const entries = proxies.length > 0 ? proxies : [CLIENTS_ID];
  const pairs: [string, string, boolean][] = [
    ...proxies.map((proxy): [string, string, boolean] => [CLIENTS_ID, proxy, true]),
    ...entries.flatMap((entry) =>
      gateways.map((gateway): [string, string, boolean] => [entry, gateway, true]),
    ),
    ...entries.flatMap((entry) => files.map((file): [string, string, boolean] => [entry, file, false])),
    ...gateways.map((gateway): [string, string, boolean] => [gateway, MODEL_ID, true]),
    ...usable.flatMap((service) =>
      service.dependsOn
        .filter((name) => usable.some((other) => other.name === name && other.role === 'other'))
        .map((name): [string, string, boolean] => [service.name, name, false]),
    ),
  ];
  const edges = pairs.map(([source, target, isHot]) => ({
    id: `${source}>${target}`,
    source,
    target,
    isHot,
  }));
  return withoutDetours(edges);
}

/** Where a → b → c is drawn, a → c says nothing new and would run behind b. */
function withoutDetours(edges: readonly LaidOutEdge[]): LaidOutEdge[] {
  let kept = [...edges];
  for (const edge of edges) {
    if (edge.isHot || edge.target === MODEL_ID) continue;
    const others = kept.filter((other) => other !== edge);
    if (reaches(others, edge.source, edge.target)) kept = others;
  }
  return kept;
}

function reaches(edges: readonly LaidOutEdge[], from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === to) return true;
    for (const edge of edges) if (edge.source === id) seen.add(edge.target);
  }
  return false;
}

export interface Layers {
  /** Ids from left to right; besides nodes also lanes. */
  readonly layers: readonly string[][];
  /** Each edge cut at the lanes that it takes. */
  readonly segments: readonly Pick<LaidOutEdge, 'source' | 'target'>[];
  /** By the edge's id: where it passes the columns between its ends. */
  readonly lanes: ReadonlyMap<string, readonly string[]>;
}

const LANE = '@lane:';
export const isLane = (id: string): boolean => id.startsWith(LANE);

/**
 * What stands in which column: everything right of what leads to it, and close to what it leads to.
 *
 * A line past a column gets a free lane in it, shared by all that go to the same service: behind a node it would look
 * as if it began there. Of many services (`compact`), those that have nothing to do with another come last.
 */
export function toLayers(
  services: readonly MapService[],
  edges: readonly LaidOutEdge[],
  compact: boolean,
): Layers {
  // Clients have their place where the way of a request is known.
  const hasWay = services.some((service) => service.role !== 'other');
  const ids = [...(hasWay ? [CLIENTS_ID] : []), ...services.map((service) => service.name)];
  if (edges.some((edge) => edge.target === MODEL_ID)) ids.push(MODEL_ID);
  const depth = depths(ids, edges);
  const isAlone = (id: string) =>
    compact && id !== CLIENTS_ID && !edges.some(({ source, target }) => source === id || target === id);
  const layers: string[][] = [];
  for (const id of ids.filter((candidate) => !isAlone(candidate))) {
    const layer = depth.get(id) ?? 1;
    layers[layer] = [...(layers[layer] ?? []), id];
  }
  const lanes = new Map<string, string[]>();
  for (const edge of edges.filter(({ isHot }) => !isHot))
    for (let at = (depth.get(edge.source) ?? 0) + 1; at < (depth.get(edge.target) ?? 0); at += 1) {
      const layer = layers[at];
      if (!layer) continue;
      const lane = `${LANE}${at}>${edge.target}`;
      if (!layer.includes(lane)) layer.push(lane);
      lanes.set(edge.id, [...(lanes.get(edge.id) ?? []), lane]);
    }
  const segments = edges.flatMap(({ id, source, target }) => {
    const stops = [source, ...(lanes.get(id) ?? []), target];
    return stops.slice(1).map((stop, index) => ({ source: stops[index] ?? source, target: stop }));
  });
  return {
    layers: [...layers, ids.filter(isAlone)].filter((layer) => layer !== undefined && layer.length > 0),
    segments,
    lanes,
  };
}

function depths(ids: readonly string[], edges: readonly LaidOutEdge[]): ReadonlyMap<string, number> {
  const depth = new Map<string, number>(ids.map((id) => [id, id === CLIENTS_ID ? 0 : 1]));
  // Longest paths by relaxation; as many rounds as nodes end it even if dependencies go in a circle.
  for (let round = 0; round < ids.length; round += 1)
    for (const edge of edges) {
      const next = (depth.get(edge.source) ?? 0) + 1;
      if (next > (depth.get(edge.target) ?? 0) && next <= ids.length) depth.set(edge.target, next);
    }
  // Then each as near to what it leads to as can be: a long line would run behind what is between.
  const fromTheEnd = ids.toSorted((a, b) => (depth.get(b) ?? 0) - (depth.get(a) ?? 0));
  for (const id of fromTheEnd.filter((candidate) => candidate !== CLIENTS_ID)) {
    const targets = edges.filter(({ source }) => source === id).map(({ target }) => depth.get(target) ?? 0);
    if (targets.length > 0) depth.set(id, Math.max(depth.get(id) ?? 1, Math.min(...targets) - 1));
  }
  return depth;
}
