import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMeta } from './context-files.ts';
import { listDockerContexts } from './docker-contexts.ts';
import type { HostFacts } from './host-facts.ts';
import { parseSshHost, sshArguments } from './ssh-host.ts';

const idOf = (name: string) => createHash('sha256').update(name).digest('hex');
const META = '/home/ann/.docker/contexts/meta';

function facts(
  contexts: Readonly<Record<string, string>>,
  part: Partial<HostFacts> & { config?: string } = {},
): HostFacts {
  const { config, ...rest } = part;
  return {
    platform: 'linux',
    env: {},
    homeDir: '/home/ann',
    readText: async (path) =>
      path === '/home/ann/.docker/config.json'
        ? config
        : contexts[path.slice(META.length + 1).replace('/meta.json', '')],
    listNames: async (path) => (path === META ? Object.keys(contexts) : []),
    ...rest,
  };
}

const stored = (name: string, host: string, description = '') => ({
  [idOf(name)]: JSON.stringify({
    Name: name,
    Metadata: { Description: description },
    Endpoints: { docker: { Host: host } },
  }),
});

describe('listDockerContexts', () => {
  const contexts = {
    ...stored('lab', 'ssh://me@lab', 'The lab'),
    ...stored('build', 'tcp://ann:secret@10.0.0.2:2376'),
  };

  it('lists the default and all others by name, without credentials', async () => {
    expect(await listDockerContexts(facts(contexts, { config: '{"currentContext":"lab"}' }))).toEqual([
      {
        name: 'default',
        description: '',
        endpoint: 'unix:///var/run/docker.sock',
        current: false,
        fixed: false,
      },
      { name: 'build', description: '', endpoint: 'tcp://ann@10.0.0.2:2376', current: false, fixed: false },
      { name: 'lab', description: 'The lab', endpoint: 'ssh://me@lab', current: true, fixed: false },
    ]);
  });

  it('says what the environment fixes, unless the panel was told otherwise', async () => {
    const current = async (env: HostFacts['env'], chosen?: string) =>
      (await listDockerContexts(facts(contexts, { env }), chosen)).filter((one) => one.current || one.fixed);
    expect(await current({ DOCKER_HOST: 'tcp://1.2.3.4' })).toMatchObject([
      { name: 'default', endpoint: 'tcp://1.2.3.4', current: true, fixed: true },
    ]);
    expect(await current({ DOCKER_CONTEXT: 'build' })).toMatchObject([{ name: 'build', fixed: true }]);
    expect(await current({ DOCKER_CONTEXT: 'build' }, 'lab')).toMatchObject([{ name: 'lab', fixed: false }]);
    expect(await current({})).toMatchObject([{ name: 'default', fixed: false }]);
  });

  it('leaves out what is damaged or pretends to be another', async () => {
    const hostile = {
      ...contexts,
      [idOf('a')]: '{',
      [idOf('b')]: 'null',
      [idOf('c')]: JSON.stringify({ Name: 'd', Endpoints: { docker: { Host: 'x' } } }),
      '../../etc': JSON.stringify({ Name: 'e', Endpoints: { docker: { Host: 'x' } } }),
      ...stored('x'.repeat(300), 'tcp://x'),
    };
    const listed = await listDockerContexts(facts(hostile, { config: '{{{' }));
    expect(listed.map(({ name }) => name)).toEqual(['default', 'build', 'lab']);
  });

  it('reads any file without a fault', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readMeta(text)));
  });
});

describe('sshArguments', () => {
  it('is what the Docker CLI runs', () => {
    const address = parseSshHost('ssh://me@lab:2222/run/user/7/docker.sock');
    expect(address && sshArguments(address).join(' ')).toBe(
      '-o ConnectTimeout=30 -T -l me -p 2222 -- lab docker --host=unix:///run/user/7/docker.sock system dial-stdio',
    );
    const plain = parseSshHost('ssh://lab');
    expect(plain && sshArguments(plain).slice(3)).toEqual(['--', 'lab', 'docker', 'system', 'dial-stdio']);
  });

  it('never lets an address become an option or a command', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (user, host, path) => {
        const address = parseSshHost(`ssh://${user}@${host}/${path}`);
        if (!address) return;
        const args = sshArguments(address);
        expect(args[args.indexOf('--') + 1]).toBe(address.host);
        expect(address.host.startsWith('-')).toBe(false);
        for (const arg of args.slice(args.indexOf('docker'))) expect(arg).toMatch(/^[\w.:/@+=-]+$/);
      }),
    );
  });
});
