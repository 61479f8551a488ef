import type { Cause } from '../../shared/stack/plan-view.ts';
import type { Project, Service } from '../compose/project.ts';
import { cause } from './causes.ts';
import { imageReference } from './container-name.ts';
import type { ObservedImage } from './observed-state.ts';
import type { OwnState } from './own-state.ts';
import { compare } from './own-state.ts';
import type { PlanBuilder } from './plan-builder.ts';
import { baseServices } from './plan-fetch.ts';

export interface ImageOptions {
  /** Hash of the build inputs as they are on disk now, by service. */
  readonly buildHashes?: Readonly<Record<string, string>>;
  /** Builds what can be built, also where nothing has changed. */
  readonly build?: boolean;
  /** `policy`: as each service says. */
  readonly pull?: 'policy' | 'always' | 'missing' | 'never';
  /** Epoch milliseconds, for `pull_policy: daily`; absent: no image is too old. */
  readonly now?: number;
}

export interface ImageStep {
  readonly id: string;
  readonly cause: Cause;
  /** Certainly another image than before. Else only the result tells, see `Plan.replan`. */
  readonly renews: boolean;
}

type Reason = Pick<ImageStep, 'cause' | 'renews'>;

/** Builds and pulls, by service. One reference is fetched once for each platform, whoever uses it. */
export function planImages(
  builder: PlanBuilder,
  project: Project,
  services: readonly Service[],
  observed: OwnState,
  options: ImageOptions,
): ReadonlyMap<string, ImageStep> {
  const byReference = new Map<string, ImageStep>();
  const steps = new Map<string, ImageStep>();
  for (const service of buildersFirst(services)) {
    const reference = imageReference(project, service);
    const image = observed.images[reference];
    const { name } = service;
    if (service.build !== undefined) {
      const pullable = wantsPull(service, image, options);
      const reason = buildReason(reference, service, image, options);
      if (reason === undefined) {
        if (!pullable) continue;
        const why = cause('refresh', `image ${reference} is to be fetched at every start`, {
          image: reference,
        });
        const id = builder.add({ kind: 'pull-image', service: name, optional: true }, why);
        const step = { id, cause: why, renews: false };
        byReference.set(reference, step);
        steps.set(name, step);
        continue;
      }
      const first = pullable ? ({ pullFirst: true } as const) : {};
      const step = {
        id: builder.add({ kind: 'build-image', service: name, ...first }, reason.cause),
        ...reason,
      };
      byReference.set(reference, step);
      steps.set(name, step);
      continue;
    }
    const fetched = `${reference} ${service.definition.platform ?? ''}`;
    let step = byReference.get(reference) ?? byReference.get(fetched);
    if (step === undefined) {
      const reason = pullReason(reference, service, image, options);
      if (reason === undefined) continue;
      step = { id: builder.add({ kind: 'pull-image', service: name }, reason.cause), ...reason };
      byReference.set(fetched, step);
    }
    steps.set(name, step);
  }
  waitForBases(builder, services, steps);
  return steps;
}

/**
 * Whether an image that could be built is first looked for in its registry: with a name of its own, when it is not here or its
 * service wants it fresh. Compose does so, and those who publish images beside their build files rely on it.
 */
function wantsPull(
  { image: name, pullEveryMs, pullPolicy }: Service,
  image: ObservedImage | undefined,
  { build = false, now, pull = 'policy' }: ImageOptions,
): boolean {
  if (name === undefined || build) return false;
  const policy = pull === 'policy' ? (pullPolicy ?? 'missing') : pull;
  switch (policy) {
    case 'never':
    case 'build':
      return false;
    case 'always':
      return true;
    case 'missing':
      return image === undefined;
    case 'refresh': {
      if (image === undefined) return true;
      if (now === undefined || image.taggedAt === undefined) return false;
      return now - image.taggedAt >= (pullEveryMs ?? Number.POSITIVE_INFINITY);
    }
  }
}

/** Who only uses an image that another service builds has to wait for it. */
function buildersFirst(services: readonly Service[]): readonly Service[] {
  const byName = [...services].sort((a, b) => compare(a.name, b.name));
  return [
    ...byName.filter((service) => service.build !== undefined),
    ...byName.filter((service) => service.build === undefined),
  ];
}

/** `additional_contexts: { base: "service:x" }` builds on the image of x. */
function waitForBases(
  builder: PlanBuilder,
  services: readonly Service[],
  steps: ReadonlyMap<string, ImageStep>,
): void {
  for (const service of services) {
    const step = steps.get(service.name);
    const bases = baseServices(service).map((name) => steps.get(name)?.id);
    if (step?.id === `build-image:${service.name}`) builder.require(step.id, bases);
  }
}

function pullReason(
  reference: string,
  service: Service,
  image: ObservedImage | undefined,
  { now, pull = 'policy' }: ImageOptions,
): Reason | undefined {
  const policy = pull === 'policy' ? (service.pullPolicy ?? 'missing') : pull;
  if (policy === 'never') return undefined;
  const params = { image: reference };
  const { platform } = service.definition;
  if (image === undefined)
    return {
      cause: cause('image_missing', `image ${reference} is not on this machine`, params),
      renews: false,
    };
  if (platform !== undefined && image.platform !== undefined && !samePlatform(platform, image.platform)) {
    const text = `image ${reference} is on this machine only for ${image.platform}, not for ${platform}`;
    return { cause: cause('image_missing', text, params), renews: true };
  }
  if (policy === 'always')
    return {
      cause: cause('refresh', `image ${reference} is to be fetched at every start`, params),
      renews: false,
    };
  if (policy !== 'refresh' || now === undefined || image.taggedAt === undefined) return undefined;
  if (now - image.taggedAt < (service.pullEveryMs ?? Number.POSITIVE_INFINITY)) return undefined;
  return { cause: cause('refresh', `image ${reference} is due to be fetched again`, params), renews: false };
}

function buildReason(
  reference: string,
  service: Service,
  image: ObservedImage | undefined,
  { build = false, buildHashes = {} }: ImageOptions,
): Reason | undefined {
  const params = { image: reference };
  if (image === undefined)
    return {
      cause: cause('image_missing', `image ${reference} has not been built yet`, params),
      renews: false,
    };
  const expected = buildHashes[service.name];
  // Without a hash on it somebody else built it; it serves until a build is asked for, as it does with Compose.
  if (expected !== undefined && image.buildHash !== undefined && image.buildHash !== expected) {
    const text = `the files that ${reference} is built from changed`;
    return { cause: cause('build_context_changed', text, params), renews: true };
  }
  if (build)
    return { cause: cause('refresh', `a build of ${reference} was asked for`, params), renews: false };
  if (service.pullPolicy !== 'build' || (expected !== undefined && image.buildHash === expected))
    return undefined;
  return {
    cause: cause('refresh', `image ${reference} is to be built at every start`, params),
    renews: false,
  };
}

/** A variant counts only where both name one. */
function samePlatform(a: string, b: string): boolean {
  const [left, right] = [a.split('/'), b.split('/')];
  return left.every((part, index) => right[index] === undefined || right[index] === part);
}
