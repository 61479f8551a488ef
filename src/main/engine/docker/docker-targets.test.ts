import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findDockerTargets } from './docker-targets.ts';
import type { HostFacts } from './host-facts.ts';

function facts(
  part: Partial<HostFacts> & { readonly files?: Readonly<Record<string, string>> } = {},
): HostFacts {
  const { files = {}, ...rest } = part;
  return {
    platform: 'linux',
    env: {},
    homeDir: '/home/ann',
    userId: 1000,
    readText: async (path) => files[path],
    ...rest,
  };
}

const idOf = (context: string) => createHash('sha256').update(context).digest('hex');
const meta = (host: string) =>
  JSON.stringify({ Endpoints: { docker: { Host: host, SkipTLSVerify: false } } });

describe('findDockerTargets', () => {
  it('tries the usual sockets of Linux, the rootless one and the products', async () => {
    const targets = await findDockerTargets(facts({ env: { XDG_RUNTIME_DIR: '/run/user/7' } }));
    expect(targets.map(({ context, address }) => [context, 'path' in address ? address.path : ''])).toEqual([
      ['default', '/var/run/docker.sock'],
      ['rootless', '/run/user/7/docker.sock'],
      ['desktop-linux', '/home/ann/.docker/desktop/docker.sock'],
      ['orbstack', '/home/ann/.orbstack/run/docker.sock'],
      ['colima', '/home/ann/.colima/default/docker.sock'],
      ['rancher-desktop', '/home/ann/.rd/docker.sock'],
      ['podman', '/run/user/7/podman/podman.sock'],
      ['podman', '/home/ann/.local/share/containers/podman/machine/podman.sock'],
      ['podman', '/run/podman/podman.sock'],
    ]);
  });

  it('prefers the products to the system socket on macOS and uses pipes on Windows', async () => {
    const mac = await findDockerTargets(facts({ platform: 'darwin', homeDir: '/Users/ann' }));
    expect(mac.findIndex(({ context }) => context === 'default')).toBeGreaterThan(
      mac.findIndex(({ context }) => context === 'colima'),
    );
    const windows = await findDockerTargets(facts({ platform: 'win32', homeDir: 'C:\\Users\\ann' }));
    expect(windows[0]).toEqual({
      context: 'default',
      address: { kind: 'npipe', path: '//./pipe/docker_engine' },
    });
  });

  it('takes DOCKER_HOST before everything but an explicit context', async () => {
    const files = {
      [`/home/ann/.docker/contexts/meta/${idOf('lab')}/meta.json`]: meta('tcp://10.0.0.2:2375'),
    };
    const env = { DOCKER_HOST: 'unix:///tmp/x.sock', DOCKER_CONTEXT: 'lab' };
    expect(await findDockerTargets(facts({ env, files }))).toEqual([
      { context: 'DOCKER_HOST', address: { kind: 'unix', path: '/tmp/x.sock' } },
    ]);
    expect(await findDockerTargets(facts({ env, files }), 'lab')).toEqual([
      { context: 'lab', address: { kind: 'tcp', host: '10.0.0.2', port: 2375 } },
    ]);
  });

  it('reads the current context of the CLI, on Windows with its own paths', async () => {
    const files = {
      '/home/ann/.docker/config.json': '{"currentContext":"colima"}',
      [`/home/ann/.docker/contexts/meta/${idOf('colima')}/meta.json`]: meta(
        'unix:///home/ann/.colima/x.sock',
      ),
    };
    expect(await findDockerTargets(facts({ files }))).toEqual([
      { context: 'colima', address: { kind: 'unix', path: '/home/ann/.colima/x.sock' } },
    ]);
    const windows = {
      'C:\\Users\\ann\\.docker\\config.json': '{"currentContext":"desktop-linux"}',
      [`C:\\Users\\ann\\.docker\\contexts\\meta\\${idOf('desktop-linux')}\\meta.json`]: meta(
        'npipe:////./pipe/dockerDesktopLinuxEngine',
      ),
    };
    expect(
      await findDockerTargets(facts({ platform: 'win32', homeDir: 'C:\\Users\\ann', files: windows })),
    ).toEqual([
      { context: 'desktop-linux', address: { kind: 'npipe', path: '//./pipe/dockerDesktopLinuxEngine' } },
    ]);
  });

  it('uses TLS as the environment says', async () => {
    const env = { DOCKER_HOST: 'tcp://build.lan', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
    const [target] = await findDockerTargets(facts({ env }));
    expect(target?.address).toEqual({
      kind: 'tcp',
      host: 'build.lan',
      port: 2376,
      tls: { ca: '/certs/ca.pem', cert: '/certs/cert.pem', key: '/certs/key.pem', skipVerify: false },
    });
  });

  it('reads an address behind SSH', async () => {
    const [target] = await findDockerTargets(
      facts({ env: { DOCKER_HOST: 'ssh://me@lab:2222/run/x/docker.sock' } }),
    );
    expect(target?.address).toEqual({
      kind: 'ssh',
      host: 'lab',
      user: 'me',
      port: 2222,
      path: '/run/x/docker.sock',
    });
  });

  it('refuses nonsense, and SSH addresses that would be options, commands or secrets', async () => {
    const hosts = [
      'fd://x',
      'tcp://',
      'ssh://',
      'ssh://-oProxyCommand=x',
      'ssh://-l@lab',
      'ssh://%2Doption@lab',
      'ssh://me:secret-word@lab',
      'ssh://lab/x;reboot',
      'ssh://lab/$(reboot)',
      'ssh://lab?x=1',
    ];
    for (const host of hosts) {
      const fault = await findDockerTargets(facts({ env: { DOCKER_HOST: host } })).catch(
        (error: unknown) => error,
      );
      expect(fault, host).toMatchObject({ code: 'engine.unreachable' });
      expect(JSON.stringify(fault) + String(fault)).not.toContain('secret-word');
    }
  });

  it('tells an unknown context from a damaged one', async () => {
    await expect(findDockerTargets(facts(), 'nowhere')).rejects.toMatchObject({
      code: 'context.unknown',
      params: { context: 'nowhere' },
    });
    for (const text of ['{{', '[]', '{"Endpoints":{"docker":{"Host":7}}}', '{"Endpoints":null}']) {
      const files = { [`/home/ann/.docker/contexts/meta/${idOf('bad')}/meta.json`]: text };
      await expect(findDockerTargets(facts({ files }), 'bad')).rejects.toMatchObject({
        code: 'engine.unreachable',
      });
    }
  });

  it('encrypts without checking where a context says so, TLS files or not', async () => {
    const host = JSON.stringify({ Endpoints: { docker: { Host: 'tcp://lab:2376', SkipTLSVerify: true } } });
    const files = { [`/home/ann/.docker/contexts/meta/${idOf('lab')}/meta.json`]: host };
    const [target] = await findDockerTargets(facts({ files }), 'lab');
    expect(target?.address).toMatchObject({ kind: 'tcp', port: 2376, tls: { skipVerify: true } });
  });

  it('goes on with the default when the file of the CLI is damaged', async () => {
    const targets = await findDockerTargets(facts({ files: { '/home/ann/.docker/config.json': '{{' } }));
    expect(targets[0]?.context).toBe('default');
  });
});
