import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { parseSshHost, type SshAddress } from './ssh-host.ts';

export type DockerAddress =
  | { readonly kind: 'unix' | 'npipe'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsFiles }
  | SshAddress;

/** Paths, not contents: read when the connection is made. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly skipVerify: boolean;
}

export interface DockerTarget {
  /** Name for the status bar: a Docker context, `DOCKER_HOST`, or the product whose socket it is. */
  readonly context: string;
  readonly address: DockerAddress;
}

/** The address in an environment variable or a context file. */
export function parseDockerHost(host: string, tls?: TlsFiles): DockerAddress {
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z+]+):\/\/)?(.*)$/i.exec(host.trim()) ?? [];
  switch (scheme.toLowerCase()) {
    case 'unix':
      return { kind: 'unix', path: rest === '' ? '/var/run/docker.sock' : rest };
    case 'npipe':
      return { kind: 'npipe', path: rest === '' ? '//./pipe/docker_engine' : rest };
    case 'tcp':
    case 'http':
    case 'https':
      return tcpAddress(host, rest, scheme.toLowerCase() === 'https' ? (tls ?? { skipVerify: false }) : tls);
    case 'ssh': {
      const address = parseSshHost(host.trim());
      if (!address) throw badHost(host);
      return address;
    }
    default:
      throw badHost(host);
  }
}

function tcpAddress(host: string, rest: string, tls: TlsFiles | undefined): DockerAddress {
  let url: URL;
  try {
    url = new URL(`tcp://${rest}`);
  } catch (error) {
    throw badHost(host, error);
  }
  if (url.hostname === '') throw badHost(host);
  const port = url.port === '' ? (tls ? 2376 : 2375) : Number(url.port);
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { kind: 'tcp', host: name, port, ...(tls ? { tls } : {}) };
}

/** For messages. */
export function addressText(address: DockerAddress): string {
  switch (address.kind) {
    case 'tcp':
      return `tcp://${address.host}:${address.port}`;
    case 'ssh':
      return `ssh://${address.user === undefined ? '' : `${address.user}@`}${address.host}`;
    default:
      return address.path;
  }
}

function badHost(given: string, cause?: unknown): AppError {
  // A password in an address is a mistake, but a secret all the same.
  const host = given.replace(/:[^/@:]*@/, ':…@');
  return new AppError('engine.unreachable', phrase('host_unreadable', { host }), {
    hint: 'Use unix:///path, npipe:////./pipe/name, tcp://host:port or ssh://user@host in DOCKER_HOST or the Docker context.',
    params: { address: host },
    cause,
  });
}
