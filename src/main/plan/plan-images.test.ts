import { describe, expect, it } from 'vitest';
import type { Service } from '../compose/project.ts';
import type { ObservedState } from './observed-state.ts';
import { apply, NOTHING, project, service, up } from './plan-test-bed.ts';
import type { PlanUpOptions } from './up-options.ts';

const build = { context: '/w', dockerfile: 'Dockerfile', args: {}, labels: {} };
const there = (taggedAt = 0): ObservedState => ({ ...NOTHING, images: { 'a:1': { id: 'i', taggedAt } } });

/** `pull`, `pull?` (may be nowhere), `build`, `pull|build` (built when it is nowhere), or nothing. */
function steps(change: Partial<Service>, state: ObservedState, options: Partial<PlanUpOptions> = {}): string {
  return up(project(service('a', change)), state, options)
    .steps.map(({ operation }) => {
      if (operation.kind === 'pull-image') return operation.optional ? 'pull?' : 'pull';
      if (operation.kind === 'build-image') return operation.pullFirst ? 'pull|build' : 'build';
      return '';
    })
    .join('');
}

describe('images of services that can be built and have a name in a registry, as Compose gets them', () => {
  it.each([
    [undefined, 'pull|build', ''],
    ['missing', 'pull|build', ''],
    ['always', 'pull|build', 'pull?'],
    ['never', 'build', ''],
    ['build', 'build', 'build'],
  ] as const)('pull_policy %s: %s when it is not here, %j when it is', (pullPolicy, absent, present) => {
    const change = { build, ...(pullPolicy === undefined ? {} : { pullPolicy }) };
    expect(steps(change, NOTHING)).toBe(absent);
    expect(steps(change, there())).toBe(present);
  });

  it('fetches again what is older than its policy says', () => {
    const change = { build, pullPolicy: 'refresh', pullEveryMs: 1000 } as const;
    expect(steps(change, NOTHING)).toBe('pull|build');
    expect(steps(change, there(), { now: 999 })).toBe('');
    expect(steps(change, there(), { now: 1000 })).toBe('pull?');
  });

  it('goes by what was asked for this time', () => {
    expect(steps({ build }, NOTHING, { pull: 'never' })).toBe('build');
    expect(steps({ build, pullPolicy: 'never' }, there(), { pull: 'always' })).toBe('pull?');
    expect(steps({ build, pullPolicy: 'always' }, there(), { build: true })).toBe('build');
  });

  it('only builds what has no name of its own', () => {
    const { image: _image, ...unnamed } = service('a', { build });
    const plan = up(project(unnamed), NOTHING);
    expect(plan.steps.map(({ operation }) => operation)).toContainEqual({
      kind: 'build-image',
      service: 'a',
    });
  });
});

describe('images of services that cannot be built', () => {
  it.each([
    [undefined, 'pull', ''],
    ['missing', 'pull', ''],
    ['always', 'pull', 'pull'],
    ['never', '', ''],
  ] as const)('pull_policy %s: %j when it is not here, %j when it is', (pullPolicy, absent, present) => {
    const change = pullPolicy === undefined ? {} : { pullPolicy };
    expect(steps(change, NOTHING)).toBe(absent);
    expect(steps(change, there())).toBe(present);
  });
});

describe('an image that is built on another service', () => {
  const onBase = (base: string) => ({ ...build, additional_contexts: { base: `service:${base}` } });
  const made = (name: string, base?: string): Service =>
    service(name, {
      build,
      definition: { command: null, entrypoint: null, build: base === undefined ? build : onBase(base) },
    });

  it('is built after it, whatever their names', () => {
    const on = project(made('a', 'b'), made('b', 'c'), made('c'));
    const plan = up(on, NOTHING);
    const order = plan.steps.map(({ id }) => id).filter((id) => id.startsWith('build-image'));
    expect(order).toEqual(['build-image:c', 'build-image:b', 'build-image:a']);
    const step = plan.steps.find(({ id }) => id === 'build-image:a');
    expect(step).toMatchObject({ dependsOn: ['build-image:b'], operation: { pullFirst: true } });
  });

  it('waits for nothing when that one is here already', () => {
    const on = project(made('a', 'b'), made('b'));
    const state = { ...NOTHING, images: { 'b:1': { id: 'i' } } };
    const step = up(on, state).steps.find(({ id }) => id === 'build-image:a');
    expect(step?.dependsOn).toEqual([]);
  });
});

it('fetches an image once for all who use it, and again for another platform', () => {
  const of = (name: string, platform?: string) =>
    service(name, {
      image: 'shared:1',
      definition: { command: null, entrypoint: null, image: 'shared:1', ...(platform ? { platform } : {}) },
    });
  const on = project(of('a'), of('b'), of('c', 'linux/arm64'));
  const pulls = up(on, NOTHING).steps.filter(({ operation }) => operation.kind === 'pull-image');
  expect(pulls.map(({ id }) => id)).toEqual(['pull-image:a', 'pull-image:c']);
  const done = apply(up(on, NOTHING), NOTHING, on);
  expect(done.images['shared:1']).toBeDefined();
});
