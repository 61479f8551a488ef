import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';

/** While a run works on a service, what it still lacks is no difference that a person has to look at. */
export function withoutPassingDrift(snapshot: StackSnapshot): StackSnapshot {
  const { run, services } = snapshot;
  if (run?.outcome !== 'running') return snapshot;
  const touched = new Set(run.steps.map(({ service }) => service));
  return {
    ...snapshot,
    services: services.map((service) => {
      if (!service.drift || !touched.has(service.name)) return service;
      const { drift: _drift, ...rest } = service;
      return rest;
    }),
  };
}
