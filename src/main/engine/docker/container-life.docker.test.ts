import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceDefinition } from '../../compose/definition.ts';
import type { Project } from '../../compose/project.ts';
import type { CommandSession, EngineEvent, RunOptions } from '../stack-engine.ts';
import { DockerTestSession } from './docker-test-session.ts';

const NEVER = new AbortController().signal;
let bed: DockerTestSession;
let folder = '';

beforeAll(async () => {
  bed = await DockerTestSession.open('10.213.58.0/24');
  folder = await mkdtemp(join(tmpdir(), 'skilldeck-life-'));
}, 30_000);
afterEach(() => bed.sweep(), 30_000);
afterAll(async () => {
  await bed.close();
  await rm(folder, { recursive: true, force: true });
});

const service = (definition: Partial<ServiceDefinition>, extra: Partial<Project> = {}) =>
  bed.project({ web: { command: ['sleep', '1000'], definition } }, extra);

describe('configs and secrets', { timeout: 60_000 }, () => {
  it('are in the container as text, as a variable and as a file, for whom and how the file says', async () => {
    await writeFile(join(folder, 'file.txt'), 'of a file', { mode: 0o640 });
    const project = service(
      {
        user: '1234:5678',
        configs: [
          { source: 'text', target: '/etc/deep/text' },
          { source: 'owned', uid: '11', gid: '22', mode: '0440' },
        ],
        secrets: [{ source: 'variable' }, { source: 'file', target: '/mounted' }],
      },
      {
        configs: { text: { name: 'text', content: 'grüezi' }, owned: { name: 'owned', content: 'its own' } },
        secrets: {
          variable: { name: 'variable', environment: 'TOKEN' },
          file: { name: 'file', file: join(folder, 'file.txt') },
        },
        variables: { TOKEN: 'from the environment' },
      },
    );
    await bed.up(project, 'web');
    const ls = async (path: string) =>
      (await bed.read(project, 'web', 'ls', '-ln', path)).trim().split(/\s+/).slice(0, 4);
    const cat = (path: string) => bed.read(project, 'web', 'cat', path);
    expect(await cat('/etc/deep/text')).toBe('grüezi');
    // Who is named by nothing else is the container's user.
    expect(await ls('/etc/deep/text')).toEqual(['-r--r--r--', '1', '1234', '5678']);
    expect(await ls('/owned')).toEqual(['-r--r-----', '1', '11', '22']);
    expect(await cat('/run/secrets/variable')).toBe('from the environment');
    expect((await ls('/mounted'))[0]).toBe('-rw-r-----');
    expect(JSON.stringify(await bed.inspect(await bed.idOf(project)))).not.toContain('from the environment');
  });

  it('are refused by name where they cannot be had', async () => {
    const secrets = [{ source: 'key' }];
    const missing = service({ secrets }, { secrets: { key: { name: 'key', environment: 'NO_SUCH' } } });
    await expect(bed.up(missing, 'web')).rejects.toMatchObject({
      code: 'compose.invalid',
      hint: 'Set NO_SUCH in the environment or in .env.',
    });
    await bed.sweep();
    const readOnly = service(
      { secrets, read_only: true },
      { secrets: { key: { name: 'key', environment: 'A' } }, variables: { A: 'hidden value' } },
    );
    const fault = await bed.up(readOnly, 'web').catch((error: Error) => error);
    expect(fault).toMatchObject({
      code: 'compose.unsupported',
      params: { reason: expect.stringContaining('read_only') },
    });
    expect(JSON.stringify(fault)).not.toContain('hidden value');
  });
});

describe('hooks', { timeout: 60_000 }, () => {
  const shell = (script: string) => ({ command: ['/bin/sh', '-c', script] });

  it('run in order after the start and before the stop, with their variables, and their output is told', async () => {
    const project = service({
      post_start: [
        shell('echo one > /data/n; echo first'),
        { ...shell('echo $WHO >> /data/n'), environment: { WHO: 'two' } },
      ],
      pre_stop: [shell('cat /data/n')],
    });
    await bed.up(project, 'web');
    expect(await bed.read(project, 'web', 'cat', '/data/n')).toBe('one\ntwo\n');
    const containerId = await bed.idOf(project);
    const told = await bed.apply(project, { kind: 'stop-container', service: 'web', containerId });
    expect(told).toEqual([{ output: 'one' }, { output: 'two' }]);
  });

  it('end a start that fails in them, and the container goes on', async () => {
    const project = service({ post_start: [shell('echo no; exit 7'), shell('echo never > /data/n')] });
    await expect(bed.up(project, 'web')).rejects.toMatchObject({
      code: 'service.start_failed',
      params: { service: 'web', status: 7 },
    });
    expect((await bed.observe(project)).containers).toMatchObject([{ state: 'running' }]);
    expect(await bed.read(project, 'web', 'ls', '/data')).toBe('');
  });

  it('keep a container from being stopped when they fail before it, but not one that does not run', async () => {
    const project = service({ pre_stop: [shell('exit 3')] });
    await bed.up(project, 'web');
    const containerId = await bed.idOf(project);
    const stop = { kind: 'stop-container', service: 'web', containerId } as const;
    await expect(bed.apply(project, stop)).rejects.toMatchObject({
      code: 'engine.request_failed',
      params: { status: 3 },
    });
    expect((await bed.observe(project)).containers).toMatchObject([{ state: 'running' }]);
    await bed.apply(project, { kind: 'kill-container', service: 'web', containerId, signal: 'SIGKILL' });
    await expect.poll(async () => (await bed.observe(project)).containers[0]?.state).toBe('exited');
    await bed.apply(project, stop);
  });
});

describe('one-off containers', { timeout: 60_000 }, () => {
  const runOneOff = (project: Project, options: Partial<RunOptions>, signal = NEVER) =>
    bed.engine.runOneOff(project, 'web', { tty: false, interactive: false, ...options }, signal);
  const left = async (project: Project) => {
    const filters = { label: [`com.docker.compose.project=${project.name}`] };
    const query = { all: true, filters };
    return bed.connection.api.json<readonly { Names: readonly string[] }[]>({
      path: '/containers/json',
      query,
    });
  };

  async function read(
    session: CommandSession,
  ): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const text = { stdout: '', stderr: '' };
    for await (const { stream, data } of session.output) text[stream] += Buffer.from(data).toString();
    return text;
  }

  async function ready(): Promise<Project> {
    const project = service({ environment: { FROM_FILE: 'yes' } });
    await bed.apply(project, { kind: 'create-network', network: 'default' });
    return project;
  }

  it('tell the exit code and both outputs, take input, and leave nothing', async () => {
    const project = await ready();
    const command = ['/bin/sh', '-c', 'cat; echo $FROM_FILE $MINE >&2; exit 42'];
    const session = await runOneOff(project, { command, interactive: true, environment: { MINE: 'too' } });
    await session.write(Buffer.from('hello'));
    session.end();
    expect(await read(session)).toEqual({ stdout: 'hello', stderr: 'yes too\n' });
    expect(await session.exit).toEqual({ code: 42 });
    expect(await left(project)).toEqual([]);
    // Never one of the service's instances.
    expect((await bed.observe(project)).containers).toEqual([]);
  });

  it('have a terminal of the size that was asked for', async () => {
    const project = await ready();
    const session = await runOneOff(project, {
      command: ['/bin/sh', '-c', 'sleep 0.5; stty size'],
      tty: true,
      interactive: true,
      size: { columns: 91, rows: 17 },
    });
    expect((await read(session)).stdout).toContain('17 91');
    expect((await session.exit).code).toBe(0);
  });

  it('stay when they are to be kept', async () => {
    const project = await ready();
    const session = await runOneOff(project, {
      command: ['false'],
      keep: true,
      name: `${project.name}-kept`,
    });
    await read(session);
    expect((await session.exit).code).toBe(1);
    expect(await left(project)).toMatchObject([{ Names: [`/${project.name}-kept`] }]);
  });

  it('are gone when they are closed in the middle, and when the start is cancelled', async () => {
    const project = await ready();
    const session = await runOneOff(project, { command: ['sleep', '1000'] });
    session.close();
    expect((await session.exit).code).toBe(137);
    const stop = new AbortController();
    stop.abort();
    await expect(runOneOff(project, {}, stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(async () => left(project)).toEqual([]);
  });
});

describe('events of a project', { timeout: 60_000 }, () => {
  it('tell what happens to its services from now on, not what was, nor of one-offs', async () => {
    const project = service({});
    await bed.up(project, 'web');
    const stop = new AbortController();
    const events: EngineEvent[] = [];
    const following = (async () => {
      for await (const event of bed.engine.events(project.name, stop.signal)) events.push(event);
    })();
    // A signal that the program does not hear, sent until the subscription is seen to be there.
    const containerId = await bed.idOf(project);
    const kill = { kind: 'kill-container', service: 'web', containerId, signal: 'SIGURG' } as const;
    while (events.length === 0) {
      await bed.apply(project, kill);
      await delay(50);
    }
    expect(events[0]).toMatchObject({ action: 'kill', service: 'web', containerId });
    const session = await bed.engine.runOneOff(
      project,
      'web',
      { command: ['true'], tty: false, interactive: false },
      NEVER,
    );
    await session.exit;
    await bed.apply(project, { kind: 'pause-container', service: 'web', containerId });
    await expect.poll(() => events.at(-1)?.action).toBe('pause');
    expect(new Set(events.map(({ action }) => action))).toEqual(new Set(['kill', 'pause']));
    expect(events.at(-1)?.attributes).not.toHaveProperty('com.docker.compose.project');
    stop.abort();
    await following;
    await bed.apply(project, { kind: 'unpause-container', service: 'web', containerId });
    // Asked for anew it begins again.
    const again = new AbortController();
    const next = bed.engine.events(project.name, again.signal).next();
    const killing = setInterval(() => void bed.apply(project, kill), 100);
    expect((await next).value).toMatchObject({ action: 'kill' });
    clearInterval(killing);
    again.abort();
  });
});
