import {
  CLIENTS_ID,
  isLane,
  type LaidOutEdge,
  type Layers,
  type MapService,
  MODEL_ID,
  toEdges,
  toLayers,
} from './map-layers.ts';

export interface LaidOutNode {
  readonly id: string;
  readonly kind: 'clients' | 'service' | 'model';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface MapLayout {
  readonly nodes: readonly LaidOutNode[];
  readonly edges: readonly LaidOutEdge[];
}

const CLIENTS_SIZE = { width: 124, height: 62 };
const NODE_SIZE = { width: 196, height: 112 };
const MODEL_SIZE = { width: 196, height: 84 };
/** Not run by this engine: only its name and why. */
const UNAVAILABLE_SIZE = { width: 196, height: 60 };
/** Of many services only name, state and load: a curve in each would be noise. */
const COMPACT_SIZE = { width: 176, height: 58 };
const COLUMN_GAP = 96;
const ROW_GAP = 32;
const COMPACT_GAP = { column: 48, row: 14 };
/** Room for a line between two nodes. */
const LANE_SIZE = { width: 0, height: 8 };
/** From here on nodes are small and long columns are broken up. */
const COMPACT_FROM = 9;
/** Width of the map to its height. */
const ASPECT = 2;

export const isCompact = (services: number): boolean => services >= COMPACT_FROM;

/** Where everything stands: columns by the distance from the clients, the way of a chat request on one line. */
export function layoutMap(services: readonly MapService[]): MapLayout {
  const edges = toEdges(services);
  const compact = isCompact(services.length);
  const { layers, segments, lanes } = toLayers(services, edges, compact);
  const gap = compact ? COMPACT_GAP : { column: COLUMN_GAP, row: ROW_GAP };
  const hot = new Set([CLIENTS_ID, ...edges.filter((edge) => edge.isHot).map((edge) => edge.target)]);
  const unavailable = new Set(
    services.filter((service) => !service.available).map((service) => service.name),
  );
  const rank = (id: string) => (hot.has(id) ? 0 : unavailable.has(id) ? 2 : 1);
  const sizeOf = (id: string) => {
    if (id === CLIENTS_ID) return CLIENTS_SIZE;
    if (id === MODEL_ID) return MODEL_SIZE;
    if (isLane(id)) return LANE_SIZE;
    if (compact) return COMPACT_SIZE;
    return unavailable.has(id) ? UNAVAILABLE_SIZE : NODE_SIZE;
  };
  const nodes: LaidOutNode[] = [];
  const laneAt = new Map<string, NonNullable<LaidOutEdge['via']>[number]>();
  let x = 0;
  for (const layer of toColumns(layers, { edges: segments, rank, compact })) {
    const sizes = layer.map(sizeOf);
    // What is beside the way of a request hangs below it; a column without a part of the way is centred itself.
    const onTheWay = layer.filter((id) => hot.has(id)).length || layer.length;
    const height = heightOf(sizes.slice(0, onTheWay), gap.row);
    const width = Math.max(...sizes.map((size) => size.width));
    let y = -height / 2;
    layer.forEach((id, index) => {
      const size = sizes[index] ?? NODE_SIZE;
      if (isLane(id)) laneAt.set(id, { x, y: y + size.height / 2, width });
      else nodes.push({ id, kind: kindOf(id), x, y, ...size });
      y += size.height + gap.row;
    });
    x += width + gap.column;
  }
  const withLanes = edges.map((edge) => {
    const via = (lanes.get(edge.id) ?? []).flatMap((lane) => laneAt.get(lane) ?? []);
    return via.length === 0 ? edge : { ...edge, via };
  });
  return { nodes, edges: withLanes };
}

function heightOf(sizes: readonly { readonly height: number }[], gap: number): number {
  return sizes.reduce((sum, size) => sum + size.height, 0) + gap * (sizes.length - 1);
}

interface ColumnRules {
  readonly edges: Layers['segments'];
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
