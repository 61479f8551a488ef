import { rootCertificates } from 'node:tls';
import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { guardedLookup, refusalOf } from './address-rules.ts';
import { UpstreamExchange } from './upstream-exchange.ts';

export interface UpstreamClientOptions {
  /** http or https, without a slash at its end. */
  readonly baseUrl: string;
  readonly timeouts: { readonly connectMs: number; readonly firstByteMs: number; readonly idleMs: number };
  /** More wait for a connection. */
  readonly maxConnections?: number | undefined;
  /** PEM texts that are trusted besides the usual authorities. */
  readonly extraCa?: string | undefined;
  /** Whether the rules of {@link guardedLookup} are off. */
  readonly allowLinkLocal: boolean;
}

const PROXY_VARIABLES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'];

/**
 * Kept connections to one upstream, one request at a time on each: a long answer holds up nobody, and hanging up ends
 * no other request.
 */
export class UpstreamClient {
  readonly #dispatcher: Dispatcher;
  readonly #origin: string;
  readonly #basePath: string;

  /** @throws AddressRefused */
  constructor(options: UpstreamClientOptions) {
    const { allowLinkLocal, baseUrl, extraCa, maxConnections, timeouts } = options;
    const { origin, pathname } = new URL(baseUrl);
    const refusal = allowLinkLocal ? undefined : refusalOf(baseUrl);
    if (refusal !== undefined) throw refusal;
    this.#origin = origin;
    this.#basePath = pathname.replace(/\/+$/, '');
    const tls = extraCa === undefined ? {} : { ca: [...rootCertificates, extraCa] };
    const limits = {
      headersTimeout: timeouts.firstByteMs,
      bodyTimeout: timeouts.idleMs,
      pipelining: 1,
      connections: maxConnections ?? null,
    };
    const connect = {
      timeout: timeouts.connectMs,
      ...tls,
      ...(allowLinkLocal ? {} : { lookup: guardedLookup() }),
    };
    // A proxy resolves names itself: there the rules hold for addresses written as numbers only.
    this.#dispatcher = isBehindProxy(baseUrl)
      ? new EnvHttpProxyAgent({ ...limits, connect, requestTls: tls })
      : new Pool(origin, { ...limits, connect });
  }

  /** @param path below the base address, or of the server itself when it begins with a slash */
  send(
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    signal: AbortSignal,
  ): UpstreamExchange {
    const options: Dispatcher.DispatchOptions = {
      origin: this.#origin,
      path: path.startsWith('/') ? path : `${this.#basePath}/${path}`,
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    };
    return new UpstreamExchange(this.#dispatcher, options, signal);
  }

  destroy(): Promise<void> {
    return this.#dispatcher.destroy();
  }
}

/** A proxy is for far addresses; this machine is not reached through one. */
function isBehindProxy(baseUrl: string): boolean {
  return PROXY_VARIABLES.some((name) => (process.env[name] ?? '') !== '') && !isNear(baseUrl);
}

function isNear(address: string): boolean {
  return /^(?:localhost|127\.|\[::1\]|host\.docker\.internal$)/.test(new URL(address).hostname);
}
