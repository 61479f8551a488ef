/** Up to this many services a map says more than a table. */
const MAP_SERVICES = 16;

/** What the person chose, else what suits so many services. */
export function layoutOf(chosen: 'map' | 'table' | undefined, services: number): 'map' | 'table' {
  return chosen ?? (services > MAP_SERVICES ? 'table' : 'map');
}
