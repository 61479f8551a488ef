import type { Cause } from '../../shared/stack/plan-view.ts';
import type { Project, Service } from '../compose/project.ts';
import { cause } from './causes.ts';
import { imageReference } from './container-name.ts';
import type { ObservedState } from './observed-state.ts';
import type { PlanBuilder } from './plan-builder.ts';

export interface ImageStep {
  readonly id: string;
  readonly cause: Cause;
}

/** Builds and pulls, by service. One reference is fetched once, whoever uses it. */
export function planImages(
  builder: PlanBuilder,
  project: Project,
  observed: ObservedState,
  buildHashes: Readonly<Record<string, string>>,
): ReadonlyMap<string, ImageStep> {
  const byReference = new Map<string, ImageStep>();
  const steps = new Map<string, ImageStep>();
  for (const service of sortedServices(project)) {
    const reference = imageReference(project, service);
    const known = byReference.get(reference);
    if (known !== undefined && service.build === undefined) {
      steps.set(service.name, known);
      continue;
    }
    const reason =
      service.build === undefined
        ? pullCause(reference, service, observed)
        : buildCause(reference, observed, buildHashes[service.name]);
    if (reason === undefined) continue;
    const kind = service.build === undefined ? 'pull-image' : 'build-image';
    const step = { id: builder.add({ kind, service: service.name }, reason), cause: reason };
    byReference.set(reference, step);
    steps.set(service.name, step);
  }
  return steps;
}

/** Builders first: who only uses an image that another service builds has to wait for it. */
function sortedServices(project: Project): readonly Service[] {
  const byName = Object.values(project.services).sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...byName.filter((service) => service.build !== undefined),
    ...byName.filter((service) => service.build === undefined),
  ];
}

function pullCause(reference: string, service: Service, observed: ObservedState): Cause | undefined {
  if (observed.images[reference] !== undefined || service.pullPolicy === 'never') return undefined;
  return cause('image_missing', `image ${reference} is not on this machine`, { image: reference });
}

function buildCause(
  reference: string,
  observed: ObservedState,
  expected: string | undefined,
): Cause | undefined {
  const image = observed.images[reference];
  if (image === undefined)
    return cause('image_missing', `image ${reference} has not been built yet`, { image: reference });
  if (expected === undefined || image.buildHash === expected) return undefined;
  return cause('build_context_changed', `the files that ${reference} is built from changed`, {
    image: reference,
  });
}
