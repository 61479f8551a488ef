import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { currentContext, readMeta } from './context-files.ts';
import { type DockerTarget, parseDockerHost, type TlsFiles } from './docker-host.ts';
import { configFolder, type HostFacts, joinPath } from './host-facts.ts';

/**
 * Where to look for an engine: `context` option > `DOCKER_HOST` > `DOCKER_CONTEXT` > the current context of the
 * Docker CLI. Somebody who named an engine gets that one or an error; only without a choice are the usual sockets tried.
 */
export async function findDockerTargets(
  facts: HostFacts,
  context?: string,
): Promise<readonly DockerTarget[]> {
  if (context !== undefined) return [await contextTarget(facts, context)];
  const { DOCKER_HOST: host, DOCKER_CONTEXT: named } = facts.env;
  if (host) return [{ context: 'DOCKER_HOST', address: parseDockerHost(host, tlsOfEnvironment(facts)) }];
  const current = named || (await currentContext(facts));
  if (current && current !== 'default') return [await contextTarget(facts, current)];
  return defaultTargets(facts);
}

/** The usual places, where nobody has chosen. */
export function defaultTargets(facts: HostFacts): readonly DockerTarget[] {
  return facts.platform === 'win32' ? windowsPipes() : unixSockets(facts);
}

function windowsPipes(): readonly DockerTarget[] {
  return [
    ['default', '//./pipe/docker_engine'],
    ['desktop-linux', '//./pipe/dockerDesktopLinuxEngine'],
    ['podman', '//./pipe/podman-machine-default'],
  ].map(([context = '', path = '']) => ({ context, address: { kind: 'npipe', path } }));
}

function unixSockets({ platform, env, homeDir, userId }: HostFacts): readonly DockerTarget[] {
  const runtimeDir = env.XDG_RUNTIME_DIR || (userId === undefined ? undefined : `/run/user/${userId}`);
  const home = (path: string) => posix.join(homeDir, path);
  const desktop =
    platform === 'darwin' ? home('.docker/run/docker.sock') : home('.docker/desktop/docker.sock');
  const system: readonly [string, string] = ['default', '/var/run/docker.sock'];
  const candidates: readonly (readonly [string, string | undefined])[] = [
    // On macOS the system socket is only a link that some product owns, often a stale one.
    ...(platform === 'darwin' ? [] : [system]),
    ['rootless', runtimeDir && posix.join(runtimeDir, 'docker.sock')],
    ['desktop-linux', desktop],
    ['orbstack', home('.orbstack/run/docker.sock')],
    ['colima', home('.colima/default/docker.sock')],
    ['rancher-desktop', home('.rd/docker.sock')],
    ...(platform === 'darwin' ? [system] : []),
    ['podman', runtimeDir && posix.join(runtimeDir, 'podman/podman.sock')],
    ['podman', home('.local/share/containers/podman/machine/podman.sock')],
    ['podman', platform === 'linux' ? '/run/podman/podman.sock' : undefined],
  ];
  return candidates.flatMap(([context, path]) =>
    path === undefined ? [] : [{ context, address: { kind: 'unix' as const, path } }],
  );
}

async function contextTarget(facts: HostFacts, context: string): Promise<DockerTarget> {
  if (context === 'default') {
    const [target] =
      facts.platform === 'win32' ? windowsPipes() : unixSockets({ ...facts, platform: 'linux' });
    if (target) return target;
  }
  const id = createHash('sha256').update(context).digest('hex');
  const contexts = joinPath(facts, configFolder(facts), 'contexts');
  const text = await facts.readText(joinPath(facts, contexts, 'meta', id, 'meta.json'));
  if (text === undefined)
    throw new AppError('context.unknown', phrase('no_context', { context }), {
      hint: 'Run "docker context ls" and choose one with "docker context use NAME".',
      params: { context },
    });
  const meta = readMeta(text);
  if (!meta)
    throw new AppError('engine.unreachable', phrase('context_unreadable', { context }), {
      hint: 'Make the context anew: "docker context rm NAME", then "docker context create NAME".',
      params: { address: context, reason: 'meta.json' },
    });
  const tls = await tlsOfFolder(facts, joinPath(facts, contexts, 'tls', id, 'docker'), meta.skipVerify);
  return { context, address: parseDockerHost(meta.host, tls) };
}

async function tlsOfFolder(
  facts: HostFacts,
  folder: string,
  skipVerify: boolean,
): Promise<TlsFiles | undefined> {
  const present = async (name: string) => {
    const path = joinPath(facts, folder, name);
    return (await facts.readText(path)) === undefined ? undefined : path;
  };
  const [ca, cert, key] = await Promise.all([present('ca.pem'), present('cert.pem'), present('key.pem')]);
  if (!ca && !cert && !key && !skipVerify) return undefined;
  return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}), skipVerify };
}

/** As the Docker CLI: `DOCKER_TLS` encrypts, `DOCKER_TLS_VERIFY` (any value) also verifies. */
function tlsOfEnvironment(facts: HostFacts): TlsFiles | undefined {
  const { DOCKER_TLS: tls, DOCKER_TLS_VERIFY: verify, DOCKER_CERT_PATH: certPath } = facts.env;
  if (!tls && !verify) return undefined;
  const folder = certPath || configFolder(facts);
  return {
    ca: joinPath(facts, folder, 'ca.pem'),
    cert: joinPath(facts, folder, 'cert.pem'),
    key: joinPath(facts, folder, 'key.pem'),
    skipVerify: !verify,
  };
}
