import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex, Readable } from 'node:stream';
import { inspect } from 'node:util';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { DockerAddress, TlsFiles } from './docker-host.ts';
import { codeOf } from './engine-errors.ts';
import { SshAgent } from './ssh-agent.ts';

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | object | undefined>>;
  readonly body?: object;
  /** Besides those that the transport sets; may hold credentials. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as the request's body, e.g. a build context. */
  readonly upload?: Readable | Buffer;
  /** Statuses that count as done besides 2xx, e.g. 304 "already started". */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
}

const SUCCESS = [200, 201, 202, 204];
const MAX_KEPT_SOCKETS = 16;
const KEPT_SOCKET_MS = 15_000;

type Dial = (options: object, callback: (error: Error | null, result: unknown) => void) => void;

/**
 * The Engine API over dockerode's transport: one place that knows paths, status codes and the version.
 *
 * The calls of dockerode's resource objects are left out on purpose: they send the whole of a create call in the
 * URL as well as in the body, take 304 for an error, and answer buffers or streams depending on options.
 */
export class DockerApi {
  readonly #dial: Dial;
  readonly #endAgent: () => void;

  constructor(dial: Dial, endAgent: () => void = () => {}) {
    this.#dial = dial;
    this.#endAgent = endAgent;
  }

  /** The parsed answer; the caller says what it looks like. */
  async json<T>(request: ApiRequest): Promise<T> {
    try {
      return await this.#send<T>(request, {});
    } catch (error) {
      // The engine was restarted while a connection was kept for the next request; a question may be asked again.
      const isQuestion = request.method === undefined || request.method === 'GET';
      if (!isQuestion || !isCut(error) || request.signal?.aborted) throw error;
      return this.#send<T>(request, {});
    }
  }

  /** The body as it comes. The signal ends it; so does destroying it. */
  stream(request: ApiRequest): Promise<Readable> {
    return this.#send<Readable>(request, { isStream: true });
  }

  /** A connection that is ours in both directions after the request. */
  hijack(request: ApiRequest): Promise<Duplex> {
    return this.#send<Duplex>(request, { isStream: true, hijack: true, openStdin: true, allowEmpty: true });
  }

  /** A connection of another protocol after the request; undefined when the engine answers without changing to it. */
  async upgrade(request: ApiRequest): Promise<Duplex | undefined> {
    const socket = await this.#send<Duplex | IncomingMessage>(request, { isStream: true, hijack: true });
    if ('write' in socket) return socket;
    socket.destroy();
    return undefined;
  }

  dispose(): void {
    this.#endAgent();
  }

  #send<T>(request: ApiRequest, kind: object): Promise<T> {
    const { method = 'GET', path, query = {}, body, headers, upload, accept = [], signal } = request;
    const defined = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
    const hasQuery = Object.keys(defined).length > 0;
    const options = {
      method,
      // docker-modem appends the query only to a path with a question mark.
      path: hasQuery ? `${path}?` : path,
      options: { _query: defined, _body: body ?? {} },
      statusCodes: Object.fromEntries([...SUCCESS, ...accept].map((code) => [code, true])),
      ...(headers ? { headers: { ...headers } } : {}),
      ...(upload ? { file: upload } : {}),
      ...(signal ? { abortSignal: signal } : {}),
      ...kind,
    };
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(new DOMException('Aborted', 'AbortError'));
      this.#dial(options, (error, result) => (error ? reject(error) : resolve(result as T)));
    });
  }
}

function isCut(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE' || error.message === 'socket hang up';
}

/**
 * Loads dockerode only now, so that the start of the app does not wait for its gRPC parts.
 *
 * @param env of the programs that a connection needs (`ssh`)
 */
export async function openDockerApi(
  address: DockerAddress,
  apiVersion?: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<DockerApi> {
  const { default: Docker } = await import('dockerode');
  const tls = address.kind === 'tcp' && address.tls ? await readTls(address.tls) : undefined;
  const agent = withoutInsides(openAgent(address, tls, env));
  const options = {
    // Every option is stated, absent ones too: docker-modem would fill them from DOCKER_HOST and its kin.
    ...endpointOf(address, tls !== undefined),
    ca: tls?.ca,
    cert: tls?.cert,
    key: tls?.key,
    timeout: undefined,
    version: apiVersion === undefined ? undefined : `v${apiVersion}`,
    agent,
  };
  // The types know neither `agent` nor options that are there and undefined.
  const docker = new Docker(options as object);
  const { modem } = docker;
  return new DockerApi(
    (options, callback) => modem.dial(options as never, callback as never),
    () => agent.destroy(),
  );
}

function openAgent(
  address: DockerAddress,
  tls: TlsContents | undefined,
  env: Readonly<Record<string, string | undefined>>,
): HttpAgent {
  // A connection that waits for its next request is closed after a while, one in use never.
  const kept = { keepAlive: true, maxFreeSockets: MAX_KEPT_SOCKETS, timeout: KEPT_SOCKET_MS };
  if (address.kind === 'ssh') return new SshAgent(address, env);
  return tls ? new HttpsAgent({ ...kept, rejectUnauthorized: !tls.skipVerify }) : new HttpAgent(kept);
}

/**
 * For every request docker-modem makes a text of all that its options reach, whether or not it is printed: with the
 * agent's sockets that took longer than the engine's answer.
 */
function withoutInsides(agent: HttpAgent): HttpAgent {
  return Object.defineProperty(agent, inspect.custom, { value: () => '[Agent]' });
}

function endpointOf(address: DockerAddress, isSecure: boolean) {
  switch (address.kind) {
    case 'tcp':
      return { host: address.host, port: address.port, protocol: isSecure ? 'https' : 'http' };
    case 'ssh':
      // Never looked up: the agent's connections lead to one place only.
      return { host: 'docker.invalid', port: 80, protocol: 'http' };
    default:
      return { socketPath: address.path, host: undefined, port: undefined, protocol: 'http' };
  }
}

interface TlsContents {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly skipVerify: boolean;
}

async function readTls(files: TlsFiles): Promise<TlsContents> {
  const read = async (path: string | undefined) => (path === undefined ? undefined : readTlsFile(path));
  const [ca, cert, key] = await Promise.all([read(files.ca), read(files.cert), read(files.key)]);
  return { ca, cert, key, skipVerify: files.skipVerify };
}

async function readTlsFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new AppError('engine.unreachable', phrase('tls_file_unreadable', { path }), {
      hint: 'Check the TLS files of the Docker context, or DOCKER_CERT_PATH.',
      params: { address: path, reason: codeOf(error) ?? '' },
      cause: error,
    });
  }
}
