import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { UpstreamExchange } from './upstream-exchange.ts';

export interface UpstreamClientOptions {
  /** http or https, without a slash at its end. */
  readonly baseUrl: string;
  readonly timeouts: { readonly connectMs: number; readonly firstByteMs: number; readonly idleMs: number };
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

  constructor({ baseUrl, timeouts }: UpstreamClientOptions) {
    const { origin, pathname } = new URL(baseUrl);
    this.#origin = origin;
    this.#basePath = pathname.replace(/\/+$/, '');
    const limits = {
      connect: { timeout: timeouts.connectMs },
      headersTimeout: timeouts.firstByteMs,
      bodyTimeout: timeouts.idleMs,
      pipelining: 1,
    };
    const isBehindProxy = PROXY_VARIABLES.some((name) => (process.env[name] ?? '') !== '');
    this.#dispatcher =
      isBehindProxy && !isNear(baseUrl) ? new EnvHttpProxyAgent(limits) : new Pool(origin, limits);
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

function isNear(address: string): boolean {
  return /^(?:localhost|127\.|\[::1\]|host\.docker\.internal$)/.test(new URL(address).hostname);
}
