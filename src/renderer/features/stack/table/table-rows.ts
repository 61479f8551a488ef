import type { ServiceSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import type { ServiceStats } from '../../../../shared/stats/stats-contract.ts';
import { serviceTone } from '../service-state.ts';

export const COLUMNS = ['name', 'state', 'image', 'replicas', 'ports', 'cpu', 'memory'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sorting {
  readonly column: Column;
  readonly isDescending: boolean;
}

export interface RowFilter {
  readonly text: string;
  /** Only what is not as it should be. */
  readonly onlyTrouble: boolean;
}

export interface TableRow {
  readonly service: ServiceSnapshot;
  readonly stats: ServiceStats | undefined;
}

/** Worst first, as a person looks for it. */
const TONE_ORDER = ['bad', 'warn', 'busy', 'ok', 'idle'] as const;

export function hasTrouble(service: ServiceSnapshot): boolean {
  const tone = serviceTone(service.state);
  return tone === 'bad' || tone === 'warn' || service.drift !== undefined || service.orphan;
}

/** Rows that fit the filter, in the wanted order; equal ones by name. */
export function toTableRows(rows: readonly TableRow[], filter: RowFilter, sorting: Sorting): TableRow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const direction = sorting.isDescending ? -1 : 1;
  return rows
    .filter(({ service }) => {
      if (filter.onlyTrouble && !hasTrouble(service)) return false;
      const text = `${service.name} ${service.image} ${service.state.kind}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort(
      (a, b) =>
        direction * compare(a, b, sorting.column) || a.service.name.localeCompare(b.service.name, 'en'),
    );
}

function compare(a: TableRow, b: TableRow, column: Column): number {
  switch (column) {
    case 'name':
    case 'image':
      return a.service[column].localeCompare(b.service[column], 'en', { numeric: true });
    case 'state':
      return toneRank(a.service) - toneRank(b.service);
    case 'replicas':
      return wanted(a.service) - wanted(b.service);
    case 'ports':
      return firstPort(a.service) - firstPort(b.service);
    case 'cpu':
      return (a.stats?.cpuPercent ?? -1) - (b.stats?.cpuPercent ?? -1);
    case 'memory':
      return (a.stats?.memoryBytes ?? -1) - (b.stats?.memoryBytes ?? -1);
  }
}

const toneRank = (service: ServiceSnapshot) =>
  service.inactive ? TONE_ORDER.length : TONE_ORDER.indexOf(serviceTone(service.state));
const wanted = ({ replicas, instances }: ServiceSnapshot) => replicas?.wanted ?? instances.length;
const firstPort = ({ ports }: ServiceSnapshot) => ports[0]?.hostPort ?? Number.MAX_SAFE_INTEGER;
