import type { StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { WorkspaceSettings } from '../workspace/workspace-settings.ts';
import type { GatewayConnection } from './gateway-connection.ts';

/**
 * How the panel reaches the gateway of this snapshot, or nothing while none answers.
 *
 * The chat takes the way of everybody else, through the proxy, once that is healthy; admin calls stay on loopback.
 */
export function gatewayConnection(
  snapshot: StackSnapshot,
  settings: Pick<WorkspaceSettings, 'adminKey' | 'apiKey'>,
  ca: string | undefined,
): GatewayConnection | undefined {
  const gateway = snapshot.services.find((service) => service.role === 'gateway');
  const direct = snapshot.endpoints.find((endpoint) => endpoint.id === 'gateway');
  if (gateway?.state.kind !== 'healthy' || direct === undefined) return undefined;
  const proxy = snapshot.services.find((service) => service.role === 'proxy');
  const tls = snapshot.endpoints.find((endpoint) => endpoint.id === 'gateway-tls');
  const throughProxy = proxy?.state.kind === 'healthy' && tls !== undefined && ca !== undefined;
  return {
    baseUrl: direct.url,
    chatBaseUrl: throughProxy ? tls.url : `${direct.url}/v1`,
    apiKey: settings.apiKey,
    adminKey: settings.adminKey === '' ? settings.apiKey : settings.adminKey,
    ...(ca === undefined ? {} : { ca }),
  };
}

export interface StackGatewayDeps {
  readonly subscribe: (signal: AbortSignal) => AsyncIterable<StackSnapshot>;
  readonly settings: () => Pick<WorkspaceSettings, 'adminKey' | 'apiKey'>;
  readonly ca: () => Promise<string | undefined>;
}

/** Follows the stack and tells when the gateway came up, went away or moved. */
export class StackGateway {
  readonly #deps: StackGatewayDeps;
  readonly #listeners = new Set<() => void>();
  readonly #end = new AbortController();
  #connection: GatewayConnection | undefined;
  #fingerprint = '';

  constructor(deps: StackGatewayDeps) {
    this.#deps = deps;
    void this.#follow();
  }

  readonly connection = (): GatewayConnection | undefined => this.#connection;

  readonly onDidChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  dispose(): void {
    this.#end.abort();
    this.#listeners.clear();
  }

  async #follow(): Promise<void> {
    for await (const snapshot of this.#deps.subscribe(this.#end.signal)) {
      const connection = gatewayConnection(snapshot, this.#deps.settings(), await this.#deps.ca());
      // A restarted gateway at the same address is another one: it has lost its secrets.
      const instance = snapshot.services.find((service) => service.role === 'gateway');
      const since = instance?.state.kind === 'healthy' ? instance.state.since : undefined;
      const fingerprint = JSON.stringify([connection, instance?.instances, since]);
      if (fingerprint === this.#fingerprint) continue;
      this.#fingerprint = fingerprint;
      this.#connection = connection;
      for (const listener of [...this.#listeners]) listener();
    }
  }
}
