import type { ServiceSnapshot } from '../../../shared/stack/stack-snapshot.ts';

export const CLIENTS_ID = '@clients';
export const MODEL_ID = '@model';

export interface LaidOutNode {
  readonly id: string;
  readonly kind: 'clients' | 'service' | 'model';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LaidOutEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** On the way of a chat request. */
  readonly isHot: boolean;
}

export interface MapLayout {
  readonly nodes: readonly LaidOutNode[];
  readonly edges: readonly LaidOutEdge[];
}

export type MapService = Pick<ServiceSnapshot, 'name' | 'role' | 'dependsOn' | 'available'>;

const CLIENTS_SIZE = { width: 124, height: 62 };
const NODE_SIZE = { width: 196, height: 112 };
const MODEL_SIZE = { width: 196, height: 84 };
/** Not run by this engine: only its name and why. */
const UNAVAILABLE_SIZE = { width: 196, height: 60 };
/** Of many services only name, state and load: a curve in each would be noise. */
const COMPACT_SIZE = { width: 196, height: 58 };
const COLUMN_GAP = 96;
const ROW_GAP = 32;
const COMPACT_GAP = { column: 60, row: 14 };
/** From here on nodes are small and long columns are broken up. */
const COMPACT_FROM = 9;
/** Width of the map to its height. */
const ASPECT = 2;

export const isCompact = (services: number): boolean => services >= COMPACT_FROM;

/** Where everything stands: columns by the distance from the clients, the way of a chat request on one line. */
export function layoutMap(services: readonly MapService[]): MapLayout {
  const edges = toEdges(services);
  const compact = isCompact(services.length);
  const gap = compact ? COMPACT_GAP : { column: COLUMN_GAP, row: ROW_GAP };
  const hot = new Set([CLIENTS_ID, ...edges.filter((edge) => edge.isHot).map((edge) => edge.target)]);
  const unavailable = new Set(
    services.filter((service) => !service.available).map((service) => service.name),
  );
  const rank = (id: string) => (hot.has(id) ? 0 : unavailable.has(id) ? 2 : 1);
  const sizeOf = (id: string) => {
    if (id === CLIENTS_ID) return CLIENTS_SIZE;
    if (id === MODEL_ID) return MODEL_SIZE;
    if (compact) return COMPACT_SIZE;
    return unavailable.has(id) ? UNAVAILABLE_SIZE : NODE_SIZE;
  };
  const nodes: LaidOutNode[] = [];
  let x = 0;
  for (const layer of toColumns(toLayers(services, edges), { edges, rank, compact })) {
    const sizes = layer.map(sizeOf);
    // What is beside the way of a request hangs below it; a column without a part of the way is centred itself.
    const onTheWay = layer.filter((id) => hot.has(id)).length || layer.length;
    const height = heightOf(sizes.slice(0, onTheWay), gap.row);
    let y = -height / 2;
    layer.forEach((id, index) => {
      const size = sizes[index] ?? NODE_SIZE;
      nodes.push({ id, kind: kindOf(id), x, y, ...size });
      y += size.height + gap.row;
    });
    x += Math.max(...sizes.map((size) => size.width)) + gap.column;
  }
  return { nodes, edges };
}

function heightOf(sizes: readonly { readonly height: number }[], gap: number): number {
  return sizes.reduce((sum, size) => sum + size.height, 0) + gap * (sizes.length - 1);
}

interface ColumnRules {
  readonly edges: readonly LaidOutEdge[];
  readonly rank: (id: string) => number;
  readonly compact: boolean;
}

/** Each layer in the order that crosses least with the one before it; long ones broken into several columns. */
function toColumns(layers: readonly string[][], { edges, rank, compact }: ColumnRules): string[][] {
  const total = layers.reduce((sum, layer) => sum + layer.length, 0);
  const cell = {
    width: COMPACT_SIZE.width + COMPACT_GAP.column,
    height: COMPACT_SIZE.height + COMPACT_GAP.row,
  };
  const rows = compact
    ? Math.max(5, Math.ceil(Math.sqrt((total * cell.width) / cell.height / ASPECT)))
    : Number.POSITIVE_INFINITY;
  const place = new Map<string, number>();
  return layers.flatMap((ids) => {
    const pull = (id: string) => {
      const from = edges.flatMap((edge) => (edge.target === id ? (place.get(edge.source) ?? []) : []));
      return from.length === 0 ? Number.POSITIVE_INFINITY : from.reduce((a, b) => a + b, 0) / from.length;
    };
    const pulls = new Map(ids.map((id) => [id, pull(id)]));
    const layer = ids.toSorted((a, b) => {
      const [first = 0, second = 0] = [pulls.get(a), pulls.get(b)];
      return rank(a) - rank(b) || (first === second ? 0 : first - second);
    });
    for (const [index, id] of layer.entries()) place.set(id, index / layer.length);
    const columns = Math.max(1, Math.ceil(layer.length / rows));
    const size = Math.ceil(layer.length / columns);
    return Array.from({ length: columns }, (_, column) => layer.slice(column * size, (column + 1) * size));
  });
}

function kindOf(id: string): LaidOutNode['kind'] {
  if (id === CLIENTS_ID) return 'clients';
  return id === MODEL_ID ? 'model' : 'service';
}

/** The way of requests, not the order of starts: a gateway that waits for the file manager does not call it. */
function toEdges(services: readonly MapService[]): LaidOutEdge[] {
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
  return pairs.map(([source, target, isHot]) => ({ id: `${source}>${target}`, source, target, isHot }));
}

function toLayers(services: readonly MapService[], edges: readonly LaidOutEdge[]): string[][] {
  // Clients have their place where the way of a request is known.
  const hasWay = services.some((service) => service.role !== 'other');
  const ids = [...(hasWay ? [CLIENTS_ID] : []), ...services.map((service) => service.name)];
  if (edges.some((edge) => edge.target === MODEL_ID)) ids.push(MODEL_ID);
  const depth = new Map<string, number>(ids.map((id) => [id, id === CLIENTS_ID ? 0 : 1]));
  // Longest paths by relaxation; as many rounds as nodes end it even if dependencies go in a circle.
  for (let round = 0; round < ids.length; round += 1)
    for (const edge of edges) {
      const next = (depth.get(edge.source) ?? 0) + 1;
      if (next > (depth.get(edge.target) ?? 0) && next <= ids.length) depth.set(edge.target, next);
    }
  const layers: string[][] = [];
  for (const id of ids) {
    const layer = depth.get(id) ?? 1;
    layers[layer] = [...(layers[layer] ?? []), id];
  }
  return layers.filter((layer) => layer !== undefined);
}
