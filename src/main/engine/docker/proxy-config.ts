import type { DockerAddress } from './docker-host.ts';
import { configFolder, type HostFacts, joinPath } from './host-facts.ts';

/** Variables by name; values may hold a password: never in a log, an error or a snapshot. */
export type ProxyVariables = Readonly<Record<string, string>>;

const NAMES = {
  HTTP_PROXY: 'httpProxy',
  HTTPS_PROXY: 'httpsProxy',
  NO_PROXY: 'noProxy',
  FTP_PROXY: 'ftpProxy',
  ALL_PROXY: 'allProxy',
} as const;

/**
 * `proxies` of the Docker CLI's `config.json`, as variables for containers and arguments for builds, in capitals and not:
 * those of the engine's address, else the default ones. A damaged file counts as absent, as for logins.
 *
 * Source: `ParseProxyConfig` of docker/cli `cli/config/configfile/file.go`.
 */
export function parseProxies(text: string | undefined, address: string): ProxyVariables {
  const proxies = record(record(parse(text)).proxies);
  const chosen = record(Object.hasOwn(proxies, address) ? proxies[address] : proxies.default);
  return Object.fromEntries(
    Object.entries(NAMES).flatMap(([name, key]) => {
      const value = chosen[key];
      if (typeof value !== 'string' || value === '') return [];
      return [
        [name, value],
        [name.toLowerCase(), value],
      ];
    }),
  );
}

/**
 * The proxies as arguments of a build, below the file's own.
 *
 * Where the file names one in either case, both of ours give way: BuildKit takes the two for one and the same and picks
 * among them by chance (`proxyEnvFromBuildArgs` of moby/buildkit `frontend/dockerfile/dockerfile2llb/convert.go`).
 */
export function withBuildProxies(
  proxies: ProxyVariables,
  args: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const given = new Set(Object.keys(args).map((name) => name.toLowerCase()));
  const others = Object.entries(proxies).filter(([name]) => !given.has(name.toLowerCase()));
  return { ...Object.fromEntries(others), ...args };
}

/** Read anew each time, as somebody may move from one network to another. */
export async function readProxies(facts: HostFacts, address: DockerAddress): Promise<ProxyVariables> {
  const path = joinPath(facts, configFolder(facts), 'config.json');
  return parseProxies(await facts.readText(path), daemonHost(address));
}

/** The address as the Docker CLI writes it; behind SSH it knows the engine by a made-up name. */
function daemonHost(address: DockerAddress): string {
  switch (address.kind) {
    case 'tcp':
      return `tcp://${address.host}:${address.port}`;
    case 'ssh':
      return 'http://docker.example.com';
    default:
      return `${address.kind}://${address.path}`;
  }
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
