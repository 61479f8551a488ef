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

  it('refuses ssh, nonsense and unknown contexts with a sentence', async () => {
    for (const host of ['ssh://me@lab', 'fd://x', 'tcp://'])
      await expect(findDockerTargets(facts({ env: { DOCKER_HOST: host } }))).rejects.toMatchObject({
        code: 'engine.unreachable',
      });
    await expect(findDockerTargets(facts(), 'nowhere')).rejects.toThrow('"nowhere" does not exist');
  });

  it('goes on with the default when the file of the CLI is damaged', async () => {
    const targets = await findDockerTargets(facts({ files: { '/home/ann/.docker/config.json': '{{' } }));
    expect(targets[0]?.context).toBe('default');
  });
});
