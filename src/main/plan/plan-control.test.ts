import { describe, expect, it } from 'vitest';
import { LABEL } from './labels.ts';
import type { ObservedState } from './observed-state.ts';
import { type ControlAction, type PlanControlOptions, planControl } from './plan-control.ts';
import { changed, healthcheck, kinds, needs, project, service, started } from './plan-test-bed.ts';

const on = project(
  service('db', { healthcheck }),
  service('web', { dependsOn: needs('db', 'service_healthy'), replicas: 2 }),
);
const running = started(on);
const stopped = changed(running, 'db', { state: 'exited' });
const down = changed(stopped, 'web', { state: 'exited' });
const control = (
  action: ControlAction,
  state: ObservedState = running,
  options: Partial<PlanControlOptions> = {},
) => planControl(state, on, { engine: 'docker', action, ...options });

describe('planControl', () => {
  it('stops dependants first and starts dependencies first, waiting for their health', () => {
    const stop = control('stop');
    expect(kinds(stop)).toEqual(['stop-container web', 'stop-container web', 'stop-container db']);
    expect(stop.steps[2]?.dependsOn).toHaveLength(2);
    const start = control('start', down);
    expect(start.steps.map(({ id }) => id)).toEqual([
      'start-container:db-1',
      'wait-container:db-1',
      'start-container:web-1',
      'start-container:web-2',
      'wait-container:web-1',
      'wait-container:web-2',
    ]);
    expect(start.steps[2]?.dependsOn).toEqual(['wait-container:db-1']);
    expect([stop.direction, start.direction]).toEqual(['down', 'up']);
  });

  it('touches only the services that are chosen, and only what the action concerns', () => {
    expect(kinds(control('stop', running, { services: ['db'] }))).toEqual(['stop-container db']);
    expect(kinds(control('start'))).toEqual([]);
    expect(kinds(control('stop', down))).toEqual([]);
    expect(kinds(control('unpause'))).toEqual([]);
    const paused = changed(running, 'db', { state: 'paused' });
    expect(kinds(control('pause', paused))).toEqual(['pause-container web', 'pause-container web']);
    expect(kinds(control('unpause', paused))).toEqual(['unpause-container db']);
    expect(kinds(control('start', paused))).toEqual(['unpause-container db', 'wait-container db']);
  });

  it('kills with the signal that is asked for, in no order', () => {
    const { steps } = control('kill', running, { signal: 'SIGHUP' });
    expect(steps.map(({ dependsOn }) => dependsOn)).toEqual([[], [], []]);
    expect(steps.map(({ operation }) => operation.kind === 'kill-container' && operation.signal)).toEqual(
      Array(3).fill('SIGHUP'),
    );
    const [first] = control('kill', running, { services: ['db'] }).steps;
    expect(first?.operation).toMatchObject({ signal: 'SIGKILL' });
  });

  it('removes what runs after stopping it, or leaves it alone', () => {
    expect(kinds(control('remove', stopped, { services: ['db'] }))).toEqual(['remove-container db']);
    expect(kinds(control('remove', running, { services: ['db'] }))).toEqual([
      'stop-container db',
      'remove-container db',
    ]);
    expect(kinds(control('remove', stopped, { onlyStopped: true }))).toEqual(['remove-container db']);
  });

  it('hands the grace period on', () => {
    const [step] = control('stop', running, { timeoutMs: 3000, services: ['db'] }).steps;
    expect(step?.operation).toMatchObject({ timeoutMs: 3000 });
  });

  it('keeps the order that the labels tell where no files can be read', () => {
    const labels = (name: string) => running.containers.find((one) => one.service === name)?.labels ?? {};
    const told = changed(running, 'web', {
      labels: { ...labels('web'), [LABEL.dependsOn]: 'db:service_healthy:false' },
    });
    const plan = planControl(told, undefined, { engine: 'docker', action: 'stop' });
    expect(kinds(plan).at(-1)).toBe('stop-container db');
  });

  it('says of every service what happens to it', () => {
    expect(control('stop', running, { services: ['db'] }).services).toEqual([
      expect.objectContaining({
        service: 'db',
        action: 'stop',
        downtime: 'stopped',
        replicas: { from: 1, to: 1 },
      }),
      expect.objectContaining({ service: 'web', action: 'none', downtime: 'none' }),
    ]);
    expect(
      control('remove', down).services?.map(({ downtime, replicas }) => [downtime, replicas.to]),
    ).toEqual([
      ['none', 0],
      ['none', 0],
    ]);
  });
});
