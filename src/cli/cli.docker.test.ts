import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCompose, NEEDS_COMPOSE } from '../main/compose-peer/find-compose.ts';
import { CliTestBed, collect, docker, TerminalText, untilOutput } from './cli-test-bed.ts';

const bed = new CliTestBed();
const compose = await findCompose();

const FILE = `name: ${bed.project}
services:
  web:
    image: nginx:1.28
    environment:
      MODE: \${MODE:-production}
      PASSWORD: hunter2
    healthcheck:
      test: ["CMD-SHELL", "test -f /etc/nginx/nginx.conf"]
      interval: 1s
    stop_grace_period: 1s
  job:
    image: debian:bookworm-slim
    init: true
    command: ["sh", "-c", "for i in 1 2 3; do echo line $$i; done; sleep 3600"]
    depends_on:
      web:
        condition: service_healthy
`;

const json = (text: string): unknown => JSON.parse(text);
const lines = (text: string): unknown[] => text.trim().split('\n').map(json);

beforeAll(async () => {
  await bed.build();
  bed.write('compose.yaml', FILE);
});

afterAll(async () => {
  await bed.dispose();
  expect(await docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${bed.project}`)).toBe('');
});

describe('the files', () => {
  it.skipIf(compose === undefined)(
    'are understood as docker compose understands them',
    NEEDS_COMPOSE,
    async () => {
      const env = { MODE: 'test$1', PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
      const theirs = await promisify(execFile)(compose ?? '', ['config', '--format', 'json'], {
        cwd: bed.directory,
        env,
      });
      const ours = await bed.run(['config'], { env });
      expect(ours).toMatchObject({ code: 0, err: '' });
      expect(ours.out.trim()).toBe(theirs.stdout.trim());
      const hashes = await promisify(execFile)(compose ?? '', ['config', '--hash', '*'], {
        cwd: bed.directory,
        env,
      });
      expect((await bed.run(['config', '--hash', '*'], { env })).out).toBe(hashes.stdout);
    },
  );

  it('are listed, checked and printed as YAML', async () => {
    expect((await bed.run(['config', '--services'])).out.trim().split('\n').toSorted()).toEqual([
      'job',
      'web',
    ]);
    expect(await bed.run(['config', '-q'])).toEqual({ code: 0, out: '', err: '' });
    expect((await bed.run(['config', '--format', 'yaml'])).out).toContain('image: nginx:1.28');
  });

  it('may come from standard input', async () => {
    const result = await bed.run(['-f', '-', 'config', '--images'], {
      input: 'name: piped\nservices:\n  a:\n    image: from-stdin\n',
    });
    expect(result).toEqual({ code: 0, out: 'from-stdin\n', err: '' });
  });

  it('are refused with the place of the mistake', async () => {
    bed.write('broken.yaml', 'services:\n  web:\n    image: [nginx\n');
    const text = await bed.run(['-f', 'broken.yaml', 'config']);
    expect(text).toMatchObject({ code: 1, out: '' });
    expect(text.err).toMatch(/broken\.yaml:\d+:\d+/);
    const data = await bed.run(['-f', 'broken.yaml', 'plan', '--json']);
    expect(data.code).toBe(1);
    expect(json(data.out)).toMatchObject({ error: { code: 'compose.invalid' } });
  });
});

describe('a project', () => {
  it('is planned before anything is touched', async () => {
    const plan = await bed.run(['plan', '--exit-code']);
    expect(plan).toMatchObject({ code: 2, err: '' });
    expect(plan.out).toMatch(/web +create/);
    expect(plan.out).not.toContain('hunter2');
    expect(await docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${bed.project}`)).toBe('');
  });

  it('is brought up, and then there is nothing to do', async () => {
    const up = await bed.run(['up']);
    expect(up, up.err).toMatchObject({ code: 0, out: '' });
    expect(up.err).toMatch(/container job-1 started/);
    expect((await bed.run(['plan', '--exit-code'])).code).toBe(0);
  });

  it('is looked at', async () => {
    const ps = await bed.run(['ps', '--json']);
    expect(json(ps.out)).toMatchObject([
      { Service: 'job', State: 'running', Name: `${bed.project}-job-1` },
      { Service: 'web', State: 'running', Health: 'healthy' },
    ]);
    expect((await bed.run(['ps'])).out).toMatch(/NAME .*STATUS[\s\S]*Up .*\(healthy\)/);
    const listed = json((await bed.run(['ls', '--json'])).out);
    expect(listed).toContainEqual(expect.objectContaining({ Name: bed.project, Status: 'running(2)' }));
  });

  it('tells what its containers wrote', async () => {
    const logs = await bed.run(['logs', 'job']);
    expect(logs.out).toBe('job-1  | line 1\njob-1  | line 2\njob-1  | line 3\n');
    expect(lines((await bed.run(['logs', '--json', '--tail', '1', 'job'])).out)).toMatchObject([
      { service: 'job', text: 'line 3', stream: 'stdout' },
    ]);
  });

  it('runs a command in a container, with its input, both outputs and its exit code', async () => {
    const exec = await bed.run(
      ['exec', '-e', 'X=1', 'web', 'sh', '-c', 'cat; echo "$MODE $X"; echo oops >&2; exit 7'],
      {
        input: 'from stdin\n',
      },
    );
    expect(exec).toEqual({ code: 7, out: 'from stdin\nproduction 1\n', err: 'oops\n' });
  });

  it('is scaled, stopped and started', async () => {
    const scaled = await bed.run(['scale', '--json', 'job=2']);
    expect(json(scaled.out)).toMatchObject({ kind: 'scale', outcome: 'done', origin: 'cli' });
    expect(json((await bed.run(['ps', '--json', 'job'])).out)).toHaveLength(2);

    expect((await bed.run(['stop', '-t', '1', 'job'])).code).toBe(0);
    expect(json((await bed.run(['ps', '--json'])).out)).toMatchObject([{ Service: 'web' }]);
    expect(json((await bed.run(['ps', '-a', '--json'])).out)).toHaveLength(3);
    expect((await bed.run(['start', 'job'])).code).toBe(0);
    expect(json((await bed.run(['ps', '--json'])).out)).toHaveLength(3);
  });

  it('is scaled and restarted in one run, however many services are named', async () => {
    const scaled = json((await bed.run(['scale', '--json', 'job=1', 'web=2'])).out);
    expect(scaled).toMatchObject({ kind: 'scale', outcome: 'done', services: ['job', 'web'] });
    const running = json((await bed.run(['ps', '--json'])).out);
    expect(running).toMatchObject([{ Service: 'job' }, { Service: 'web' }, { Service: 'web' }]);
    const restarted = json((await bed.run(['restart', '--json', '-t', '1', 'job', 'web'])).out);
    expect(restarted).toMatchObject({ kind: 'restart', outcome: 'done', services: ['job', 'web'] });
    expect((await bed.run(['scale', 'web=1'])).code).toBe(0);
  });

  it('tells its events as they happen', async () => {
    const child = bed.spawn(['events', '--json']);
    const ended = once(child, 'close');
    const seen = untilOutput(child, /"action":"die".*\n/);
    // Nobody says when the subscription is made: one of the restarts is behind it.
    const heard = new AbortController();
    const restarts = (async () => {
      while (!heard.signal.aborted) expect((await bed.run(['restart', 'web'])).code).toBe(0);
    })();
    const text = await Promise.race([seen, restarts.then(() => '')]);
    heard.abort();
    child.kill('SIGINT');
    await restarts;
    expect(lines(text.slice(0, text.lastIndexOf('\n')))).toContainEqual(
      expect.objectContaining({ type: 'container', service: 'web', action: 'die' }),
    );
    expect((await ended)[0]).toBe(130);
  });

  it('gives a command a terminal, of the size of the one outside, and passes its exit code on', async () => {
    const terminal = spawn(process.execPath, [bed.file, 'exec', 'web', 'bash'], {
      cwd: bed.directory,
      cols: 100,
      rows: 30,
    });
    const seen = new TerminalText(terminal);
    await seen.until(/#/);
    // A size reaches the command a moment later.
    terminal.write('until [ "$(stty size)" = "30 100" ]; do sleep 0.1; done; echo si""zed\r');
    await seen.until(/sized/);
    terminal.resize(70, 20);
    terminal.write('until [ "$(stty size)" = "20 70" ]; do sleep 0.1; done; echo resi""zed; cat\r');
    await seen.until(/resized/);
    // Typed once and said again: the command reads, so that the interrupt is for it and not for the shell before it.
    terminal.write('over\r');
    await seen.until(/over\s+over/);
    terminal.write('\x03');
    // An interrupt throws away what was typed after it, until the shell is there again.
    await seen.until(/\^C[^#]*#/);
    terminal.write('exit 5\r');
    expect(await seen.exitCode).toBe(5);
  });

  it('runs one command in a container of its own, which is gone afterwards', async () => {
    const run = await bed.run(['run', '--rm', '-e', 'A=b', 'job', 'sh', '-c', 'echo "$A"; exit 3']);
    expect(run, run.err).toMatchObject({ code: 3, out: 'b\n' });
    expect(
      await docker(
        'ps',
        '-aq',
        '--filter',
        `label=com.docker.compose.oneoff=True`,
        '--filter',
        `label=com.docker.compose.project=${bed.project}`,
      ),
    ).toBe('');
  });

  it.skipIf(compose === undefined)(
    'takes an entrypoint and variables as docker compose run does',
    async () => {
      const args = ['run', '--rm', '--no-deps', '-T', '-e', 'A=a b', '-e', 'SHELL_HAS'];
      const line = `sh -c 'printf "%s|" "$0" "$A" "$SHELL_HAS" "$@"' first`;
      const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', SHELL_HAS: 'it' };
      const call = [...args, '--entrypoint', line, 'job', 'x y', '--rm', ''];
      const theirs = await promisify(execFile)(compose ?? '', call, { cwd: bed.directory, env });
      const ours = await bed.run(call, { env });
      expect(ours, ours.err).toMatchObject({ code: 0, out: theirs.stdout });
      expect(ours.out).toBe('first|a b|it|x y|--rm||');
      expect(await bed.run(['run', '--rm', '--entrypoint', "sh -c 'a", 'job'])).toMatchObject({ code: 2 });
    },
  );

  it('says nothing when its reader goes away', async () => {
    const result = await bed.shell('$CLI logs job | head -1');
    expect(result).toEqual({ code: 0, out: expect.stringContaining('line 1'), err: '' });
    const events = await bed.shell('$CLI exec job yes | head -2');
    expect(events).toEqual({ code: 0, out: 'y\ny\n', err: '' });
  });

  it('shows the change of a setting, and no secret', async () => {
    bed.write('compose.yaml', FILE.replace('hunter2', 'hunter3').replace(':-production', ':-test'));
    const plan = await bed.run(['plan', 'web']);
    expect(plan.out).toMatch(/web +replace/);
    expect(plan.out).toMatch(/\+ environment\.MODE: test/);
    expect(plan.out).not.toMatch(/hunter/);
    const down = await bed.run(['plan', '--down', '--json']);
    expect(json(down.out)).toMatchObject({ direction: 'down' });
    bed.write('compose.yaml', FILE);
  });

  it('is examined', async () => {
    const checks = json((await bed.run(['doctor', '--json'])).out);
    expect(checks).toContainEqual(expect.objectContaining({ name: 'engine', status: 'ok' }));
    expect(checks).toContainEqual(expect.objectContaining({ name: 'files', status: 'ok' }));
    expect(json((await bed.run(['version', '--json'])).out)).toMatchObject({
      engine: { context: expect.any(String) },
    });
  });

  it('goes without readable files', async () => {
    bed.write('compose.yaml', 'services: [');
    const down = await bed.run(['-p', bed.project, 'down', '--json', '-t', '0']);
    expect(json(down.out)).toMatchObject({ kind: 'down', outcome: 'done' });
    bed.write('compose.yaml', FILE);
  });
});

describe('the files tell of more than errors', () => {
  it('warnings go beside the results, each once', async () => {
    bed.write('warn.yaml', `version: "3"\n${FILE.replace('hunter2', '$UNSET')}`);
    const warning = (what: RegExp) => expect.stringMatching(what);
    const config = await bed.run(['-f', 'warn.yaml', 'config', '--json']);
    expect(config).toMatchObject({ code: 0, err: warning(/^warning: .*warn\.yaml:1:10: version: /m) });
    expect(config.err).toMatch(
      /warning: .*warn\.yaml:\d+:\d+: services\.web\.environment\.PASSWORD: the variable UNSET/,
    );
    expect(json(config.out)).toMatchObject({ name: bed.project });
    const plan = await bed.run(['-f', 'warn.yaml', 'plan', '--json']);
    expect(json(plan.out)).toMatchObject({ direction: 'up' });
    expect(plan.err.match(/UNSET/g)).toHaveLength(1);
  });
});

describe('without waiting for health', () => {
  it('up ends when everything runs', async () => {
    bed.write(
      'sick.yaml',
      `name: ${bed.project}\nservices: { web: { image: "nginx:1.28", stop_grace_period: 1s, healthcheck: { test: "false", interval: 1s, retries: 1000 } } }\n`,
    );
    const up = await bed.run(['-f', 'sick.yaml', 'up', '--no-wait']);
    expect(up, up.err).toMatchObject({ code: 0 });
    expect(json((await bed.run(['ps', '--json'])).out)).toMatchObject([{ Service: 'web', State: 'running' }]);
    expect((await bed.run(['down', '-t', '0'])).code).toBe(0);
  });
});

describe('contexts', () => {
  it('are listed without asking an engine, the one in use marked', async () => {
    const id = createHash('sha256').update('far').digest('hex');
    bed.write(
      `config/contexts/meta/${id}/meta.json`,
      JSON.stringify({
        Name: 'far',
        Metadata: { Description: 'elsewhere' },
        Endpoints: { docker: { Host: 'ssh://me@far.test' } },
      }),
    );
    const env = { DOCKER_CONFIG: join(bed.directory, 'config'), DOCKER_HOST: '' };
    const table = await bed.run(['contexts'], { env });
    expect(table).toMatchObject({ code: 0, err: '' });
    expect(table.out).toMatch(/^default \* /m);
    expect(table.out).toMatch(/^far +ssh:\/\/me@far\.test +elsewhere$/m);
    const chosen = json((await bed.run(['-c', 'far', 'contexts', '--json'], { env })).out);
    expect(chosen).toMatchObject([
      { name: 'default', current: false },
      { name: 'far', current: true },
    ]);
    const named = { ...env, DOCKER_CONTEXT: 'far' };
    expect((await bed.run(['contexts', '-q'], { env: named })).out).toBe('default\nfar\n');
    expect((await bed.run(['contexts'], { env: named })).out).toMatch(/^far \* /m);
  });
});

describe('Ctrl-C', () => {
  it('ends a long wait within two seconds and leaves what the next command can go on with', async () => {
    bed.write(
      'slow.yaml',
      FILE.replace('test -f /etc/nginx/nginx.conf', 'false').replace(
        'interval: 1s',
        'interval: 1s\n      retries: 1000',
      ),
    );
    const child = bed.spawn(['-f', 'slow.yaml', 'up']);
    const result = collect(child);
    await untilOutput(child, /container web-1 waiting/);
    const pressed = performance.now();
    child.kill('SIGINT');
    expect(await result).toMatchObject({ code: 130, err: expect.stringMatching(/cancelled/) });
    expect(performance.now() - pressed).toBeLessThan(2000);
    expect(json((await bed.run(['ps', '--json'])).out)).toMatchObject([{ Service: 'web', State: 'running' }]);
    expect((await bed.run(['down', '-t', '0'])).code).toBe(0);
  });
});
