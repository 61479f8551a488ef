import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostFacts, readHostFacts } from './host-facts.ts';
import { parseRegistryConfig } from './registry-config.ts';
import { RegistryCredentials, toAuthHeader } from './registry-credentials.ts';
import { normaliseRegistry, registryOf } from './registry-name.ts';
import { type BoundedCommand, type CommandEnd, runBounded } from './run-bounded.ts';

const never = new AbortController().signal;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const exited = (code: number, stdout: string): CommandEnd => ({ kind: 'exited', code, stdout });

function facts(config: unknown, part: Partial<HostFacts> = {}): HostFacts {
  return {
    platform: 'linux',
    env: { DOCKER_CONFIG: '/cli' },
    homeDir: '/home/ann',
    readText: async (path) => (path === '/cli/config.json' ? JSON.stringify(config) : undefined),
    ...part,
  };
}

/** Answers of helpers, and what they were asked. */
function helper(answer: (command: BoundedCommand) => CommandEnd) {
  const asked: (readonly [string, string])[] = [];
  const run = async (command: BoundedCommand) => {
    asked.push([command.program, command.input.trim()]);
    return answer(command);
  };
  return { run, asked };
}

describe('registryOf', () => {
  it('finds the registry in a reference, as the engine does', () => {
    expect(
      [
        'nginx:1.28',
        'library/nginx',
        'ghcr.io/a/b:1',
        'localhost/x',
        '127.0.0.1:5000/a@sha256:00',
        'Big/x',
      ].map(registryOf),
    ).toEqual(['docker.io', 'docker.io', 'ghcr.io', 'localhost', '127.0.0.1:5000', 'big']);
  });

  it('knows all spellings of one registry for the same', () => {
    for (const name of [
      'https://index.docker.io/v1/',
      'docker.io',
      'registry-1.docker.io',
      'index.docker.io/v1',
    ])
      expect(normaliseRegistry(name)).toBe('docker.io');
    for (const name of ['https://GHCR.io', 'http://ghcr.io/v2/', 'ghcr.io/'])
      expect(normaliseRegistry(name)).toBe('ghcr.io');
  });
});

describe('parseRegistryConfig', () => {
  it('reads logins in every form', () => {
    const { auths } = parseRegistryConfig(
      JSON.stringify({
        auths: {
          'https://index.docker.io/v1/': { auth: base64('ann:pa:ss\0') },
          'a.example': { username: 'u', password: 'p' },
          'b.example': { auth: base64('u:'), identitytoken: 't' },
          'c.example': {},
          'd.example': { auth: '%%' },
        },
      }),
    );
    expect([...auths.values()]).toEqual([
      { serveraddress: 'https://index.docker.io/v1/', username: 'ann', password: 'pa:ss' },
      { serveraddress: 'a.example', username: 'u', password: 'p' },
      { serveraddress: 'b.example', username: 'u', identitytoken: 't' },
    ]);
  });

  it('takes no helper whose name leads elsewhere', () => {
    const config = parseRegistryConfig(
      '{"credsStore":"../../tmp/x","credHelpers":{"a.b":"-x","c.d":"ecr-login"}}',
    );
    expect(config.store).toBeUndefined();
    expect([...config.helpers]).toEqual([['c.d', 'ecr-login']]);
  });

  it('reads whatever it is given without a fault', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.constant('{"auths":{"__proto__":{"auth":"YTpi"}}}')),
        (text) => {
          parseRegistryConfig(text);
        },
      ),
    );
  });
});

describe('RegistryCredentials', () => {
  const config = {
    auths: { 'a.example': { auth: base64('ann:secret') }, 'https://index.docker.io/v1/': {} },
    credHelpers: { 'ecr.example': 'ecr-login' },
    credsStore: 'desktop',
  };

  it('asks the helper of the registry, else the store, and falls back to the file', async () => {
    const { run, asked } = helper(({ program }) =>
      program.endsWith('ecr-login')
        ? exited(0, '{"ServerURL":"ecr.example","Username":"AWS","Secret":"s"}')
        : exited(1, 'credentials not found in native keychain\n'),
    );
    const credentials = new RegistryCredentials({ facts: facts(config), run });
    expect(await credentials.forImage('ecr.example/app', never)).toMatchObject({
      auth: { username: 'AWS', password: 's', serveraddress: 'ecr.example' },
    });
    expect(await credentials.forImage('nginx', never)).toEqual({ kind: 'none' });
    expect(await credentials.forImage('a.example/x', never)).toMatchObject({ auth: { username: 'ann' } });
    expect(asked).toEqual([
      ['docker-credential-ecr-login', 'ecr.example'],
      ['docker-credential-desktop', 'https://index.docker.io/v1/'],
      ['docker-credential-desktop', 'a.example'],
    ]);
  });

  it('knows a token from a password', async () => {
    const { run } = helper(() => exited(0, '{"Username":"<token>","Secret":"t"}'));
    const credentials = new RegistryCredentials({ facts: facts({ credsStore: 'x' }), run });
    expect(await credentials.forRegistry('z.example', never)).toEqual({
      kind: 'found',
      auth: { serveraddress: 'z.example', identitytoken: 't' },
    });
  });

  it('asks once for many images, and again after a while', async () => {
    let time = 0;
    const { run, asked } = helper(() => exited(0, '{"Username":"u","Secret":"s"}'));
    const credentials = new RegistryCredentials({ facts: facts({ credsStore: 'x' }), run, now: () => time });
    await Promise.all([1, 2, 3].map((n) => credentials.forImage(`z.example/${n}`, never)));
    await credentials.forImage('z.example/4', never);
    expect(asked).toHaveLength(1);
    time = 60_000;
    await credentials.forImage('z.example/5', never);
    expect(asked).toHaveLength(2);
  });

  it('says how a helper failed in its own words, never in those of the helper', async () => {
    const ends: CommandEnd[] = [
      exited(1, 'panic: my-password'),
      exited(0, 'my-password'),
      { kind: 'missing' },
      { kind: 'timeout' },
      { kind: 'too-much-output' },
    ];
    for (const end of ends) {
      const { run } = helper(() => end);
      const answer = await new RegistryCredentials({ facts: facts({ credsStore: 'x' }), run }).forImage(
        'a',
        never,
      );
      expect(answer).toMatchObject({ kind: 'failed', helper: 'docker-credential-x' });
      expect(JSON.stringify(answer)).not.toContain('my-password');
    }
  });

  it('collects the logins of all registries for a build, under the names that the engine looks for', async () => {
    const { run } = helper(({ input }) =>
      /docker/.test(input)
        ? exited(0, '{"Username":"hub","Secret":"s"}')
        : exited(1, 'credentials not found'),
    );
    const all = await new RegistryCredentials({ facts: facts(config), run }).all(never);
    expect(Object.entries(all).map(([name, { username }]) => [name, username])).toEqual([
      ['a.example', 'ann'],
      ['https://index.docker.io/v1/', 'hub'],
    ]);
  });

  it('stops waiting when it is cancelled', async () => {
    const stop = new AbortController();
    const credentials = new RegistryCredentials({
      facts: facts({ credsStore: 'x' }),
      run: () => new Promise(() => {}),
    });
    const asking = credentials.forImage('a', stop.signal);
    setImmediate(() => stop.abort());
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('toAuthHeader', () => {
  it('is base64 for URLs with padding', () => {
    const auth = { serveraddress: 'x', username: '???', password: '>>>~' };
    const header = toAuthHeader(auth);
    expect(header).toMatch(/^[\w-]+=*$/);
    expect(header.length % 4).toBe(0);
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual(auth);
  });
});

describe.skipIf(process.platform === 'win32')(
  'a helper on the search path',
  { meta: { needs: 'a POSIX shell' } },
  () => {
    let folder = '';
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'skilldeck-helper-'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    async function install(script: string): Promise<HostFacts> {
      const path = join(folder, 'docker-credential-test');
      await writeFile(path, `#!/bin/sh\n${script}\n`);
      await chmod(path, 0o755);
      await writeFile(join(folder, 'config.json'), '{"credsStore":"test"}');
      return readHostFacts({ PATH: `${folder}${delimiter}${process.env.PATH}`, DOCKER_CONFIG: folder });
    }

    it('gets the registry on its standard input and nothing secret in its arguments', async () => {
      const host = await install(
        `echo "$@" > ${folder}/args; cat > ${folder}/input; echo '{"Username":"ann","Secret":"s3cret"}'`,
      );
      expect(await new RegistryCredentials({ facts: host }).forImage('z.example/a', never)).toMatchObject({
        auth: { username: 'ann', password: 's3cret' },
      });
      expect(await readFile(join(folder, 'args'), 'utf8')).toBe('get\n');
      expect(await readFile(join(folder, 'input'), 'utf8')).toBe('z.example\n');
    });

    it('is ended when it takes too long, says too much or is not wanted any more', async () => {
      const { env } = await install('exec sleep 60');
      const command = {
        program: 'sleep',
        args: ['60'],
        input: '',
        env,
        timeoutMs: 50,
        maxBytes: 10,
        signal: never,
      };
      expect(await runBounded(command)).toEqual({ kind: 'timeout' });
      expect(await runBounded({ ...command, program: 'yes', args: [], timeoutMs: 5000 })).toEqual({
        kind: 'too-much-output',
      });
      const stop = new AbortController();
      setImmediate(() => stop.abort());
      expect(await runBounded({ ...command, timeoutMs: 5000, signal: stop.signal })).toEqual({
        kind: 'cancelled',
      });
      expect(await runBounded({ ...command, program: 'no-such-program' })).toEqual({ kind: 'missing' });
    });
  },
);
