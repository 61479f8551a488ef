import { GatewayError } from '../../gateway-error.ts';
import {
  cardOfLlamaServer,
  cardOfOllama,
  type ModelCard,
  type ModelList,
  parseModelList,
} from './model-list.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { toUpstreamError, upstreamStatus } from './upstream-errors.ts';
import { readAll } from './upstream-exchange.ts';

export interface UpstreamWatchOptions {
  readonly client: UpstreamClient;
  readonly address: string;
  readonly health: {
    readonly path?: string | undefined;
    readonly intervalMs: number;
    readonly timeoutMs: number;
  };
  readonly headers: () => Record<string, string>;
  readonly onFound: (list: ModelList) => void;
  readonly onHealth: (failure: GatewayError | undefined) => void;
  readonly random: () => number;
}

/** Of an upstream that is away: at first, twice as long each time, up to the usual interval. */
const RETRY_MS = 1500;
const MAX_RETRY_MS = 15_000;
const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** Models whose details are asked for one by one. */
const MAX_DETAILS = 20;

/**
 * Asks an upstream from time to time whether it is well and which models it has. It only reads lists and health: no
 * model is woken by it, and none is paid for.
 */
export class UpstreamWatch {
  readonly #options: UpstreamWatchOptions;
  readonly #disposed = new AbortController();
  readonly #cards = new Map<string, ModelCard>();
  #timer: NodeJS.Timeout | undefined;
  #etag: string | undefined;
  #failures = 0;
  #isAsking = false;

  constructor(options: UpstreamWatchOptions) {
    this.#options = options;
    void this.#ask();
  }

  /** A request has just failed to reach the upstream: look soon. */
  hurry(): void {
    this.#failures = Math.max(1, this.#failures);
    this.#schedule();
  }

  dispose(): void {
    this.#disposed.abort();
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { address, onHealth } = this.#options;
    try {
      await this.#check();
      await this.#list();
      this.#failures = 0;
      onHealth(undefined);
    } catch (error) {
      if (this.#disposed.signal.aborted) return;
      this.#failures += 1;
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      onHealth(
        isLate
          ? new GatewayError(
              'upstream_timeout',
              `The model server at ${address} did not say in time how it is.`,
            )
          : toUpstreamError(error, address, false),
      );
    } finally {
      this.#isAsking = false;
    }
    this.#schedule();
  }

  async #check(): Promise<void> {
    const { address, health } = this.#options;
    if (health.path === undefined) return;
    const { status } = await this.#get('GET', health.path);
    if (status >= 400) throw upstreamStatus(address, status, '');
  }

  async #list(): Promise<void> {
    const { address, onFound } = this.#options;
    const { etag, status, text } = await this.#get('GET', 'models', undefined, this.#etag);
    if (status === 304) return;
    if (status === 401 || status === 403) throw upstreamStatus(address, status, text);
    // A server without such a list may answer all the same; 5xx says that it cannot, unless its health has been asked.
    if (status >= 500 && this.#options.health.path === undefined) throw upstreamStatus(address, status, text);
    const list = status === 200 ? parseModelList(parse(text)) : undefined;
    if (list === undefined) return;
    this.#etag = etag;
    const tell = (): void => {
      const models = list.models.map((model) => ({ ...model, ...this.#cards.get(model.id) }));
      onFound({ ...list, models });
    };
    tell();
    const unread = list.models.slice(0, MAX_DETAILS).filter(({ id }) => !this.#cards.has(id));
    if (unread.length === 0) return;
    for (const { id } of unread) this.#cards.set(id, await this.#card(id, list));
    tell();
  }

  /** Asked once; reading a model's card does not load it. */
  async #card(id: string, { flavour, models }: ModelList): Promise<ModelCard> {
    switch (flavour) {
      case 'ollama': {
        const { status, text } = await this.#get('POST', '/api/show', JSON.stringify({ model: id }));
        return status === 200 ? cardOfOllama(parse(text)) : {};
      }
      case 'llama-server': {
        // Of several it would have to be loaded first.
        if (models.length > 1) return {};
        const { status, text } = await this.#get('GET', '/props');
        return status === 200 ? cardOfLlamaServer(parse(text)) : {};
      }
      default:
        return {};
    }
  }

  async #get(
    method: 'GET' | 'POST',
    path: string,
    body?: string,
    etag?: string,
  ): Promise<{ status: number; etag: string | undefined; text: string }> {
    const { client, headers, health } = this.#options;
    const signal = AbortSignal.any([this.#disposed.signal, AbortSignal.timeout(health.timeoutMs)]);
    const all = headers();
    if (etag !== undefined) all['if-none-match'] = etag;
    if (body !== undefined) all['content-type'] = 'application/json';
    const exchange = client.send(method, path, all, body, signal);
    const head = await exchange.head;
    const text = (await readAll(exchange, MAX_LIST_BYTES)).toString('utf8');
    return { status: head.status, etag: head.headers.etag, text };
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#disposed.signal.aborted) return;
    const { health, random } = this.#options;
    const retryMs = Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** Math.min(this.#failures - 1, 10));
    const waitMs = this.#failures === 0 ? health.intervalMs : Math.min(retryMs, health.intervalMs);
    // Spread, so that many gateways do not ask at the same moment.
    this.#timer = setTimeout(() => void this.#ask(), waitMs * (0.9 + 0.2 * random()));
    this.#timer.unref();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A web page, most likely; it lists no models.
    return undefined;
  }
}
