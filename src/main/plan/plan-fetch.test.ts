import { expect, it } from 'vitest';
import { planBuild, planPull } from './plan-fetch.ts';
import { NOTHING, project, service } from './plan-test-bed.ts';

const build = { context: '/w', dockerfile: 'Dockerfile', args: {}, labels: {} };
const { image: _image, ...unnamed } = service('unnamed', { build });
const on = project(
  service('both', { build }),
  service('kept', { pullPolicy: 'missing' }),
  service('never', { pullPolicy: 'never' }),
  service('plain'),
  service('same', { image: 'plain:1' }),
  unnamed,
);
const here = { ...NOTHING, images: { 'plain:1': { id: 'i' }, 'kept:1': { id: 'k' } } };

it('pulls every image once, present or not, but those that must or need not be', () => {
  const { steps } = planPull(on, here);
  expect(steps.map(({ operation }) => operation)).toEqual([
    { kind: 'pull-image', service: 'both', optional: true },
    { kind: 'pull-image', service: 'plain' },
  ]);
  expect(planPull(on, NOTHING).steps.map(({ id }) => id)).toContain('pull-image:kept');
});

it('pulls and builds only what is chosen', () => {
  expect(planPull(on, here, { services: ['same'] }).steps.map(({ id }) => id)).toEqual(['pull-image:same']);
  expect(planBuild(on, { services: ['both', 'plain'] }).steps.map(({ id }) => id)).toEqual([
    'build-image:both',
  ]);
  const unknown = expect.objectContaining({ code: 'service.unknown' });
  expect(() => planPull(on, here, { services: ['nobody'] })).toThrow(unknown);
  expect(() => planBuild(on, { services: ['nobody'] })).toThrow(unknown);
});

it('builds all that can be built, without a cache where that is asked for', () => {
  expect(planBuild(on, { noCache: true }).steps.map(({ operation }) => operation)).toEqual([
    { kind: 'build-image', service: 'both', noCache: true },
    { kind: 'build-image', service: 'unnamed', noCache: true },
  ]);
});

it('builds what others are built on first, as far as it is chosen', () => {
  const child = service('child', {
    build,
    definition: {
      command: null,
      entrypoint: null,
      build: { ...build, additional_contexts: { x: 'service:parent', y: '../files' } },
    },
  });
  const family = project(child, service('parent', { build }));
  const needs = (services?: string[]) =>
    planBuild(family, services === undefined ? {} : { services }).steps.find(({ id }) => id.endsWith('child'))
      ?.dependsOn;
  expect(needs()).toEqual(['build-image:parent']);
  expect(needs(['child'])).toEqual([]);
});
