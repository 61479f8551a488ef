import { describe, expect, test } from 'vitest';
import { type BackendView, findCandidates } from './find-candidates.ts';

const backend = (name: string, extra: Partial<BackendView> = {}): BackendView => ({
  name,
  models: [],
  defaultModel: undefined,
  takesAnyModel: false,
  priority: 0,
  weight: 1,
  inFlight: 0,
  isUsable: true,
  ...extra,
});
const find = (
  name: string | undefined,
  backends: BackendView[],
  aliases: Record<string, string[]> = {},
  random = () => 0.5,
) =>
  findCandidates(name, aliases, backends, random).map(({ backend, model }) => `${backend}:${model ?? '*'}`);
/** Deterministic numbers that are spread well enough to count shares. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('findCandidates', () => {
  test('knows backends, models of backends, and models', () => {
    const backends = [backend('a', { models: ['x/y'] }), backend('b', { models: ['m'] })];
    expect(find('a', backends)).toEqual(['a:*']);
    expect(find('b/m2', backends)).toEqual(['b:m2']);
    expect(find('x/y', backends)).toEqual(['a:x/y']);
    expect(find('m', backends)).toEqual(['b:m']);
    expect(find('nobody', backends)).toEqual([]);
    expect(find('constructor', backends)).toEqual([]);
  });

  test('hands a model that nobody lists to one that takes any', () => {
    const backends = [
      backend('a'),
      backend('b', { takesAnyModel: true }),
      backend('c', { takesAnyModel: true }),
    ];
    expect(find('new', backends)).toEqual(['b:new']);
  });

  test.each([undefined, '', 'auto', 'default'])('takes the backends in their order for %j', (name) => {
    const backends = [backend('a', { inFlight: 5 }), backend('b'), backend('c', { isUsable: false })];
    expect(find(name, backends)).toEqual(['a:*', 'b:*', 'c:*']);
    expect(find(name, [backend('a', { isUsable: false }), backend('b')])).toEqual(['b:*', 'a:*']);
    expect(find(name, [backend('a', { priority: 2 }), backend('b', { priority: 1 })])).toEqual([
      'b:*',
      'a:*',
    ]);
  });

  test('spreads default requests over replicas of the first one', () => {
    const replica = { defaultModel: 'm', models: ['m'] };
    const backends = [backend('a', { ...replica, inFlight: 2 }), backend('other'), backend('b', replica)];
    expect(find(undefined, backends)).toEqual(['b:*', 'a:*', 'other:*']);
  });

  test('follows an alias through its fallbacks in order, each once', () => {
    const backends = [backend('up', { models: ['llama3'], takesAnyModel: true }), backend('local')];
    const aliases = { 'gpt-4o': ['up/llama3', 'llama3', 'local'], loop: ['loop'] };
    expect(find('gpt-4o', backends, aliases)).toEqual(['up:llama3', 'local:*']);
    expect(find('loop', backends, aliases)).toEqual(['up:loop']);
  });

  test('puts what cannot be used behind what can, fallbacks included', () => {
    const backends = [backend('up', { isUsable: false }), backend('local')];
    expect(find('gpt', backends, { gpt: ['up', 'local'] })).toEqual(['local:*', 'up:*']);
  });

  test('asks groups by priority, and in a group the least loaded for its weight', () => {
    const models = ['m'];
    const backends = [
      backend('late', { models, priority: 1 }),
      backend('busy', { models, inFlight: 3 }),
      backend('strong', { models, inFlight: 4, weight: 4 }),
      backend('spare', { models, weight: 0 }),
    ];
    expect(find('m', backends)).toEqual(['strong:m', 'busy:m', 'spare:m', 'late:m']);
  });

  test('shares idle backends by weight', () => {
    const random = numbers();
    const backends = [
      backend('a', { models: ['m'], weight: 3 }),
      backend('b', { models: ['m'], weight: 1 }),
      backend('never', { models: ['m'], weight: 0 }),
    ];
    const count: Record<string, number> = {};
    for (let index = 0; index < 4000; index += 1) {
      const first = find('m', backends, {}, random)[0] ?? '';
      count[first] = (count[first] ?? 0) + 1;
    }
    expect(count['a:m']).toBeGreaterThan(2850);
    expect(count['a:m']).toBeLessThan(3150);
    expect(count['never:m']).toBeUndefined();
  });
});
