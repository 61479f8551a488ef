import type { RequestEntry, TrafficSample } from '@skilldeck/agent-skills';
import { toAppError } from '../../shared/errors/app-error.ts';
import type { GatewaySnapshot } from '../../shared/gateway/gateway-contract.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import type { GatewayClient } from './gateway-client.ts';
import type { GatewayStateSource } from './gateway-connection.ts';

export interface GatewayMonitorDeps {
  readonly gateway: Pick<
    GatewayClient,
    | 'cancelRequest'
    | 'clearCache'
    | 'isUp'
    | 'loadBackend'
    | 'requests'
    | 'status'
    | 'traffic'
    | 'unloadBackend'
  >;
  readonly onGatewayChange: GatewayStateSource;
  readonly intervalMs?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const INTERVAL_MS = 1000;
const KEPT_SECONDS = 900;

/** What the gateway does, second by second, while somebody looks; asks nothing otherwise. */
export class GatewayMonitor {
  readonly #deps: GatewayMonitorDeps;
  readonly #publisher: StatePublisher<GatewaySnapshot>;
  readonly #unlisten: () => void;
  readonly #ended = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #lookers = 0;
  #traffic: readonly TrafficSample[] = [];

  constructor(deps: GatewayMonitorDeps) {
    this.#deps = deps;
    this.#publisher = new StatePublisher<GatewaySnapshot>(
      { seq: 0, state: { kind: 'not_running' }, traffic: [] },
      0,
    );
    this.#unlisten = deps.onGatewayChange(() => {
      // Another process, with another past.
      this.#traffic = [];
      if (this.#lookers > 0) void this.#look();
    });
  }

  async *subscribe(signal?: AbortSignal): AsyncGenerator<GatewaySnapshot, void, void> {
    this.#lookers += 1;
    try {
      await this.#look();
      yield* this.#publisher.subscribe(signal);
    } finally {
      this.#lookers -= 1;
      if (this.#lookers === 0) clearTimeout(this.#timer);
    }
  }

  async requests(limit: number): Promise<{ requests: RequestEntry[] }> {
    return this.#deps.gateway.requests(limit);
  }

  async cancelRequest(requestId: string): Promise<void> {
    await this.#deps.gateway.cancelRequest(requestId);
    await this.#look();
  }

  async loadBackend(backend: string): Promise<void> {
    await this.#deps.gateway.loadBackend(backend);
    await this.#look();
  }

  async unloadBackend(backend: string): Promise<void> {
    await this.#deps.gateway.unloadBackend(backend);
    await this.#look();
  }

  async clearCache(): Promise<void> {
    await this.#deps.gateway.clearCache();
    await this.#look();
  }

  dispose(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    this.#unlisten();
  }

  async #look(): Promise<void> {
    if (this.#asking || this.#ended.signal.aborted) return;
    this.#asking = true;
    clearTimeout(this.#timer);
    const state = await this.#ask();
    this.#asking = false;
    if (this.#ended.signal.aborted) return;
    const { seq } = this.#publisher.value;
    this.#publisher.publish({ seq: seq + 1, state, traffic: [...this.#traffic] });
    if (this.#lookers > 0)
      this.#timer = setTimeout(() => void this.#look(), this.#deps.intervalMs ?? INTERVAL_MS);
  }

  async #ask(): Promise<GatewaySnapshot['state']> {
    const { gateway, now = Date.now } = this.#deps;
    if (!gateway.isUp) {
      this.#traffic = [];
      return { kind: 'not_running' };
    }
    try {
      const since = this.#traffic.at(-1)?.second ?? 0;
      const [status, { samples }] = await Promise.all([
        gateway.status(this.#ended.signal),
        gateway.traffic(since, this.#ended.signal),
      ]);
      const oldest = Math.floor(now() / 1000) - KEPT_SECONDS;
      this.#traffic = [...this.#traffic, ...samples].filter(({ second }) => second > oldest);
      return { kind: 'live', status };
    } catch (error) {
      return { kind: 'failed', error: toAppError(error).toData() };
    }
  }
}
