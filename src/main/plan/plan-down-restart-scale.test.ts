import { describe, expect, it } from 'vitest';
import { LABEL } from './labels.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';
import { planDown } from './plan-down.ts';
import { planRestart } from './plan-restart.ts';
import { planScale } from './plan-scale.ts';
import { apply, kinds, needs, onVolume, project, scaledTo, service, started } from './plan-test-bed.ts';

const restarting = { db: { condition: 'service_started', restart: true, required: true } } as const;
const on = project(
  service('db', { volumes: onVolume }),
  service('job', { dependsOn: restarting }),
  service('web', { dependsOn: needs('db', 'service_started') }),
);
const running = started(on);

function withOrphan(state: ObservedState, labels: Record<string, string> = {}): ObservedState {
  const [pattern] = state.containers;
  if (pattern === undefined) throw new Error('no container');
  const orphan: ObservedContainer = {
    ...pattern,
    id: 'f00000000000',
    service: 'gone',
    name: 'p-gone-1',
    volumes: {},
    labels: { ...pattern.labels, [LABEL.service]: 'gone', ...labels },
  };
  return { ...state, containers: [...state.containers, orphan] };
}

describe('planDown', () => {
  it('takes dependants down first, then the networks, and keeps the data', () => {
    expect(kinds(planDown(running, on))).toEqual([
      'stop-container job',
      'remove-container job',
      'stop-container web',
      'remove-container web',
      'stop-container db',
      'remove-container db',
      'remove-network',
    ]);
  });

  it('destroys volumes and images only when asked, and says which', () => {
    const plan = planDown(running, on, { volumes: true, images: 'all' });
    expect(plan.destroys).toEqual({ volumes: ['p_v'], images: ['db:1', 'job:1', 'web:1'] });
    expect(planDown(running, on).destroys).toEqual({ volumes: [], images: [] });
    expect(planDown(running, on, { images: 'local' }).destroys?.images).toEqual([]);
  });

  it('takes the dependants of a chosen service along, and leaves the network to those who stay', () => {
    expect(kinds(planDown(running, on, { services: ['web'] }))).toEqual([
      'stop-container web',
      'remove-container web',
    ]);
    const plan = planDown(running, on, { services: ['db'] });
    expect(plan.services?.filter(({ action }) => action === 'remove').map((one) => one.service)).toEqual([
      'db',
      'job',
      'web',
    ]);
  });

  it('removes orphans and one-off runs unless they are to stay', () => {
    const state = withOrphan(running);
    expect(kinds(planDown(state, on))).toContain('remove-container gone');
    expect(kinds(planDown(state, on, { removeOrphans: false }))).not.toContain('remove-container gone');
    const oneOff = withOrphan(running, { [LABEL.oneoff]: 'True', [LABEL.service]: 'web' });
    expect(kinds(planDown(oneOff, on)).filter((kind) => kind.startsWith('remove-container'))).toHaveLength(4);
  });

  it('works from labels alone, and does nothing to nothing', () => {
    expect(apply(planDown(running), running, on).containers).toEqual([]);
    const nothing = { containers: [], networks: [], volumes: [], images: {} };
    expect(planDown(nothing, on).steps).toEqual([]);
  });
});

describe('planRestart', () => {
  const restart = (services?: string[], more = {}) =>
    planRestart(on, running, { engine: 'docker', ...(services ? { services } : {}), ...more });

  it('stops dependants first and starts dependencies first', () => {
    expect(kinds(restart()).filter((kind) => !kind.startsWith('wait'))).toEqual([
      'stop-container job',
      'stop-container web',
      'stop-container db',
      'start-container db',
      'start-container job',
      'start-container web',
    ]);
  });

  it('takes those along that ask for it, and leaves the others', () => {
    const touched = (plan: ReturnType<typeof restart>) =>
      plan.services?.filter(({ action }) => action === 'restart').map((one) => one.service);
    expect(touched(restart(['db']))).toEqual(['db', 'job']);
    expect(touched(restart(['db'], { noDeps: true }))).toEqual(['db']);
    expect(touched(restart(['web']))).toEqual(['web']);
    expect(() => restart(['nobody'])).toThrow(expect.objectContaining({ code: 'service.unknown' }));
  });

  it('says how short the interruption is, and nothing of what does not exist', () => {
    expect(restart(['web']).services?.find((one) => one.service === 'web')?.downtime).toBe('short');
    const empty = { ...running, containers: [] };
    expect(planRestart(on, empty, { engine: 'docker' }).steps).toEqual([]);
  });
});

describe('planScale', () => {
  const scale = (to: Record<string, number>, state = running) =>
    planScale(on, state, { engine: 'docker', scale: to });

  it('adds instances beside those that run, and removes the newest', () => {
    const plan = scale({ web: 3 });
    expect(plan.steps.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['create-container:web-2', 'create-container:web-3']),
    );
    expect(kinds(plan).some((kind) => /stop|remove|replace/.test(kind))).toBe(false);
    const three = apply(plan, running, scaledTo(on, { web: 3 }));
    const fewer = scale({ web: 1 }, three);
    const removed = fewer.steps.flatMap(({ operation }) =>
      operation.kind === 'remove-container' ? [operation.containerId] : [],
    );
    const numbers = three.containers.filter(({ id }) => removed.includes(id)).map(({ number }) => number);
    expect(numbers.sort()).toEqual([2, 3]);
  });

  it('leaves other services alone and refuses what is not there', () => {
    const touched = scale({ web: 0 }).steps.map(
      ({ operation }) => 'service' in operation && operation.service,
    );
    expect(new Set(touched)).toEqual(new Set(['web']));
    expect(() => scale({ nobody: 1 })).toThrow(expect.objectContaining({ code: 'service.unknown' }));
    expect(scale({ web: 1 }).steps).toEqual([]);
  });
});
