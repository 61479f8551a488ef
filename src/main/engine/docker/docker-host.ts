import { AppError } from '../../../shared/errors/app-error.ts';

export type DockerAddress =
  | { readonly kind: 'unix' | 'npipe'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsFiles };

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
    case 'ssh':
      throw new AppError(
        'engine.unreachable',
        `The Docker host ${host} is reached over SSH, which Skilldeck cannot do yet.`,
        {
          hint: 'Forward the socket yourself (ssh -L /tmp/docker.sock:/var/run/docker.sock HOST) and set DOCKER_HOST=unix:///tmp/docker.sock.',
          params: { address: host },
        },
      );
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

function badHost(host: string, cause?: unknown): AppError {
  return new AppError('engine.unreachable', `The Docker host address "${host}" cannot be read.`, {
    hint: 'Use unix:///path, npipe:////./pipe/name or tcp://host:port in DOCKER_HOST or the Docker context.',
    params: { address: host },
    cause,
  });
}
