import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { Project, Service } from '../../compose/project.ts';
import type { Operation } from '../../plan/operation.ts';
import type { OperationProgress } from '../stack-engine.ts';
import { TEST_IMAGE, type TestService, testService } from './docker-test-bed.ts';
import { DockerTestSession } from './docker-test-session.ts';

type Replacement = Extract<Operation, { kind: 'replace-container' }>;

const NEVER = new AbortController().signal;
const HEALTHY = { disabled: false, test: ['CMD', '/bin/true'], intervalMs: 100, retries: 3 };
let bed: DockerTestSession;

beforeAll(async () => {
  bed = await DockerTestSession.open('10.213.50.0/24');
}, 30_000);
afterEach(() => bed.sweep(), 30_000);
afterAll(() => bed.close());

const changed = (project: Project, part: TestService): Project => ({
  ...project,
  services: { web: testService('web', part) },
});
const replacement = (containerId: string, part: Partial<Replacement> = {}): Replacement => ({
  kind: 'replace-container',
  service: 'web',
  number: 1,
  containerId,
  order: 'start-first',
  until: 'running',
  ...part,
});
const shell = (script: string) => ['/bin/sh', '-c', script];

async function failing(project: Project, operation: Replacement) {
  const reported: OperationProgress[] = [];
  const report = (part: OperationProgress) => void reported.push(part);
  const error = await bed.engine
    .apply(operation, { project, signal: NEVER, report })
    .then(() => undefined)
    .catch((fault: AppError) => fault);
  return { error, output: reported.flatMap(({ output }) => output ?? []) };
}

describe('replace-container', { timeout: 60_000 }, () => {
  it.each(['start-first', 'stop-first'] as const)(
    'puts a good one in the place of the old: %s',
    async (order) => {
      const project = bed.project({ web: { command: ['sleep', '1000'] } });
      await bed.up(project, 'web');
      const old = await bed.idOf(project);
      const next = changed(project, { command: ['sleep', '1001'], healthcheck: HEALTHY });
      const operation = replacement(old, { order, until: 'healthy' });
      // Twice: the second finds nothing left to do.
      await bed.apply(next, operation, operation);
      const { containers } = await bed.observe(project);
      expect(containers).toMatchObject([
        { name: `${project.name}-web-1`, state: 'running', health: 'healthy' },
      ]);
      expect(containers[0]?.id).not.toBe(old);
      expect(containers[0]?.labels['com.docker.compose.replace']).toBe('web-1');
    },
  );

  it.each(['start-first', 'stop-first'] as const)(
    'brings back the old one when the new one dies: %s',
    async (order) => {
      const project = bed.project({ web: { command: ['sleep', '1000'] } });
      await bed.up(project, 'web');
      const old = await bed.idOf(project);
      const next = changed(project, { command: shell('echo cannot open model; sleep 0.2; exit 3') });
      const { error, output } = await failing(next, replacement(old, { order, monitorMs: 5000 }));
      expect(error).toMatchObject({
        code: 'update.rolled_back',
        params: { service: 'web', reason: 'web ended with exit code 3.' },
        cause: { code: 'service.exited' },
      });
      expect(output).toContain('cannot open model');
      expect((await bed.observe(project)).containers).toMatchObject([
        { id: old, name: `${project.name}-web-1`, state: 'running' },
      ]);
    },
  );

  it('does not let an unhealthy one take over, and keeps what its check and its log say', async () => {
    const project = bed.project({ web: { command: ['sleep', '1000'] } });
    await bed.up(project, 'web');
    const old = await bed.idOf(project);
    const check = {
      disabled: false,
      test: ['CMD-SHELL', 'echo no route; exit 1'],
      intervalMs: 100,
      retries: 1,
    };
    const next = changed(project, { command: shell('echo listening; exec sleep 1000'), healthcheck: check });
    const { error, output } = await failing(next, replacement(old, { until: 'healthy' }));
    expect(error).toMatchObject({ code: 'update.rolled_back', params: { output: 'no route' } });
    expect(output).toEqual(expect.arrayContaining(['no route', 'listening']));
    expect((await bed.observe(project)).containers).toMatchObject([{ id: old, state: 'running' }]);
  });

  it('keeps the data of anonymous volumes through a rollback, one program at a time', async () => {
    const volumes = [{ type: 'volume', target: '/data', volume: {} }] as const;
    const command = shell('echo kept > /data/n; exec sleep 1000');
    const project = bed.project({ web: { command, definition: { volumes } } });
    await bed.up(project, 'web');
    const old = await bed.idOf(project);
    const script = shell('test "$(cat /data/n)" = kept && echo saw it; exit 1');
    const next = changed(project, { command: script, definition: { volumes } });
    const { error, output } = await failing(next, replacement(old, { monitorMs: 2000 }));
    expect(error?.code).toBe('update.rolled_back');
    expect(output).toContain('saw it');
    expect(await bed.read(project, 'web', 'cat', '/data/n')).toBe('kept\n');
    const good = changed(project, { command: ['sleep', '1001'], definition: { volumes } });
    await bed.apply(good, replacement(old));
    expect(await bed.read(project, 'web', 'cat', '/data/n')).toBe('kept\n');
  });

  it('lets the reference mean the old image again', async () => {
    const { api } = bed.connection;
    const repo = `skilldeck-test/rollback-${Date.now()}`;
    const tag = (image: string) =>
      api.json({ method: 'POST', path: `/images/${image}/tag`, query: { repo, tag: '1' } });
    await tag(TEST_IMAGE);
    const project = bed.project({ web: { image: `${repo}:1`, command: ['sleep', '1000'] } });
    await bed.up(project, 'web');
    const old = await bed.idOf(project);
    const before = (await bed.inspect(old)).Image;
    await tag('debian:bookworm-slim');
    const { error } = await failing(
      { ...project, services: { web: { ...(project.services.web as Service), image: `${repo}:1` } } },
      replacement(old, { until: 'healthy' }),
    );
    expect(error?.code).toBe('update.rolled_back');
    expect(await api.json({ path: `/images/${repo}:1/json` })).toMatchObject({ Id: before });
    await bed.sweep();
    await api.json({ method: 'DELETE', path: `/images/${repo}:1` });
  });

  it('puts everything back when it is cancelled', async () => {
    const project = bed.project({ web: { command: ['sleep', '1000'] } });
    await bed.up(project, 'web');
    const old = await bed.idOf(project);
    const check = { disabled: false, test: ['CMD', 'true'], intervalMs: 60_000 };
    const next = changed(project, { command: ['sleep', '1001'], healthcheck: check });
    const stop = new AbortController();
    const replacing = bed.engine.apply(replacement(old, { order: 'stop-first', until: 'healthy' }), {
      project: next,
      signal: stop.signal,
      report: () => {},
    });
    const settled = replacing.catch((fault: AppError) => fault);
    // It stays so until it is cancelled: its check does not run within a minute. Only a loaded engine needs the time.
    await expect
      .poll(async () => (await bed.observe(project)).containers.map(({ state }) => state), {
        timeout: 40_000,
      })
      .toEqual(expect.arrayContaining(['running', 'exited']));
    stop.abort();
    expect(await settled).toMatchObject({ code: 'cancelled' });
    expect((await bed.observe(project)).containers).toMatchObject([
      { id: old, name: `${project.name}-web-1`, state: 'running' },
    ]);
  });

  it('repairs what a crash in the middle has left', async () => {
    const project = bed.project({ web: { command: ['sleep', '1000'] } });
    await bed.up(project, 'web');
    const old = await bed.idOf(project);
    const next = changed(project, { command: ['sleep', '1001'] });
    const { api } = bed.connection;
    // As after a crash with the old one stopped and the new one half-made.
    await api.json({ method: 'POST', path: `/containers/${old}/stop`, query: { t: 0 } });
    await api.json({
      method: 'POST',
      path: '/containers/create',
      query: { name: `${old.slice(0, 12)}_${project.name}-web-1` },
      body: { Image: TEST_IMAGE, Labels: (await bed.inspect(old)).Config.Labels },
    });
    // It fails again: the old one did run before the crash, so it has to run afterwards.
    const bad = changed(project, { command: ['false'] });
    const { error } = await failing(bad, replacement(old, { order: 'stop-first', monitorMs: 1000 }));
    expect(error?.code).toBe('update.rolled_back');
    expect((await bed.observe(project)).containers).toMatchObject([{ id: old, state: 'running' }]);
    await bed.apply(next, replacement(old));
    expect((await bed.observe(project)).containers).toMatchObject([
      { name: `${project.name}-web-1`, state: 'running' },
    ]);
  });

  it('gives a new one its name when the crash came after the old one was removed', async () => {
    const project = bed.project({ web: { command: ['sleep', '1000'] } });
    await bed.up(project, 'web');
    const id = await bed.idOf(project);
    const { api } = bed.connection;
    const gone = 'ab'.repeat(32);
    const name = `${gone.slice(0, 12)}_${project.name}-web-1`;
    await api.json({ method: 'POST', path: `/containers/${id}/rename`, query: { name } });
    await bed.apply(project, replacement(gone));
    expect((await bed.observe(project)).containers).toMatchObject([{ id, name: `${project.name}-web-1` }]);
  });
});
