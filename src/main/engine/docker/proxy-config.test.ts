import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DockerAddress } from './docker-host.ts';
import { parseProxies, readProxies, withBuildProxies } from './proxy-config.ts';

const SOCKET = 'unix:///var/run/docker.sock';
const both = (name: string, value: string) => ({ [name]: value, [name.toLowerCase()]: value });

it('gives every proxy in capitals and not, and leaves out what is empty', () => {
  const text = JSON.stringify({
    proxies: {
      default: {
        httpProxy: 'http://a:1',
        httpsProxy: 'http://b:2',
        noProxy: 'localhost,.test',
        ftpProxy: '',
        allProxy: 'socks5://c:3',
        other: 'x',
      },
    },
  });
  expect(parseProxies(text, SOCKET)).toEqual({
    ...both('HTTP_PROXY', 'http://a:1'),
    ...both('HTTPS_PROXY', 'http://b:2'),
    ...both('NO_PROXY', 'localhost,.test'),
    ...both('ALL_PROXY', 'socks5://c:3'),
  });
});

it.each<[DockerAddress, string]>([
  [{ kind: 'unix', path: '/var/run/docker.sock' }, 'socket'],
  [{ kind: 'npipe', path: '//./pipe/docker_engine' }, 'pipe'],
  [{ kind: 'tcp', host: '10.0.0.1', port: 2376 }, 'tcp'],
  [{ kind: 'unix', path: '/other.sock' }, 'default'],
  [{ kind: 'ssh', host: 'far' }, 'default'],
])('takes those of the engine at %j', async (address, expected) => {
  const config = {
    proxies: {
      default: { httpProxy: 'default' },
      [SOCKET]: { httpProxy: 'socket' },
      'npipe:////./pipe/docker_engine': { httpProxy: 'pipe' },
      'tcp://10.0.0.1:2376': { httpProxy: 'tcp' },
    },
  };
  const asked: string[] = [];
  const readText = async (path: string) => {
    asked.push(path);
    return JSON.stringify(config);
  };
  const facts = { platform: 'linux', env: { DOCKER_CONFIG: '/cfg' }, homeDir: '/home/me', readText } as const;
  expect(await readProxies(facts, address)).toEqual(both('HTTP_PROXY', expected));
  expect(asked).toEqual(['/cfg/config.json']);
});

it.each(['no_proxy', 'NO_PROXY', 'No_Proxy'])(
  'gives way in both cases to what a build says of %s',
  (name) => {
    const proxies = { ...both('HTTP_PROXY', 'http://a:1'), ...both('NO_PROXY', '.test') };
    expect(withBuildProxies(proxies, { [name]: 'mine' })).toEqual({
      ...both('HTTP_PROXY', 'http://a:1'),
      [name]: 'mine',
    });
  },
);

it('reads whatever it is given without a fault', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.jsonValue().map((proxies) => JSON.stringify({ proxies })),
      ),
      (text) => {
        for (const value of Object.values(parseProxies(text, 'default'))) expect(typeof value).toBe('string');
      },
    ),
  );
  expect(parseProxies(undefined, SOCKET)).toEqual({});
});
