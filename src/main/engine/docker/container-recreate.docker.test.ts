import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { Project } from '../../compose/project.ts';
import type { Operation } from '../../plan/operation.ts';
import { testService } from './docker-test-bed.ts';
import { DockerTestSession } from './docker-test-session.ts';

const VOLUMES = [{ type: 'volume', target: '/data', volume: {} }] as const;
let bed: DockerTestSession;

beforeAll(async () => {
  bed = await DockerTestSession.open('10.213.55.0/24');
}, 30_000);
afterEach(() => bed.sweep(), 30_000);
afterAll(() => bed.close());

async function begun() {
  const command = ['/bin/sh', '-c', 'test -e /data/n || echo kept > /data/n; exec sleep 1000'];
  const project = bed.project({ web: { command, definition: { volumes: VOLUMES } } });
  await bed.up(project, 'web');
  const containerId = await bed.idOf(project);
  const next: Project = {
    ...project,
    services: {
      web: testService('web', { command, definition: { volumes: VOLUMES, environment: { A: '1' } } }),
    },
  };
  const operation: Operation = { kind: 'recreate-container', service: 'web', number: 1, containerId };
  return { project, next, operation };
}

describe('a cancelled recreation', { timeout: 60_000 }, () => {
  // Before the create call, after it, while the old one is being stopped (it takes its whole second), while it is removed.
  it.each([0, 20, 100, 400, 900, 1050, 1100, 1150, 1300])(
    'leaves one container and its data, and the next one finishes it: after %i ms',
    async (afterMs) => {
      const { project, next, operation } = await begun();
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), afterMs);
      const fault = await bed.engine
        .apply(operation, { project: next, signal: stop.signal, report: () => {} })
        .then(() => undefined)
        .catch((error: AppError) => error);
      clearTimeout(timer);
      if (fault !== undefined) expect(fault.code).toBe('cancelled');
      const left = (await bed.observe(project)).containers;
      expect(left.map(({ name }) => name)).toContain(`${project.name}-web-1`);

      // What the next plan would do with what is there now.
      const [named] = left.filter(({ name }) => name === `${project.name}-web-1`);
      await bed.apply(next, { ...operation, containerId: named?.id ?? '' } as Operation, {
        kind: 'start-container',
        service: 'web',
        number: 1,
      });
      const { containers } = await bed.observe(project);
      expect(containers).toMatchObject([{ name: `${project.name}-web-1`, state: 'running' }]);
      expect(await bed.read(project, 'web', 'cat', '/data/n')).toBe('kept\n');
    },
  );
});
