import { readFile } from 'node:fs/promises';
import type { GatewayStatus } from '@skilldeck/agent-skills';
import writeFileAtomic from 'write-file-atomic';
import { AppError, type AppErrorData, toAppError } from '../../shared/errors/app-error.ts';
import { configWords } from '../../shared/gateway/config-words.ts';
import type { ModelSource, ModelsSnapshot, UpstreamProbe } from '../../shared/models/models-contract.ts';
import type { GatewayClient } from '../gateway/gateway-client.ts';
import type { GatewayStateSource } from '../gateway/gateway-connection.ts';
import { refusalFault } from '../gateway/gateway-faults.ts';
import type { Logger } from '../lifetime/logger.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import { diskFault } from '../workspace/disk-fault.ts';
import {
  type GatewayConfig,
  parseGatewayConfig,
  sourceOf,
  UPSTREAM_SECRET,
  withSource,
} from './gateway-config.ts';
import { adoptGguf } from './gguf-file.ts';
import { ollamaBaseUrl, probeUpstream } from './probe-upstream.ts';

/** Secrets kept by the operating system. */
export interface SecretStore {
  available(): boolean;
  get(name: string): string | undefined;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

export interface ModelsServiceDeps {
  readonly configFile: string;
  readonly modelsDirectory: string;
  readonly gateway: GatewayClient;
  readonly onGatewayChange: GatewayStateSource;
  readonly secrets: SecretStore;
  readonly logger: Logger;
  readonly ollamaHost: string | undefined;
  /** Asks for a file in the system's dialog; nothing when the person changed their mind. */
  readonly chooseFile: () => Promise<string | undefined>;
  /** Hands files that the panel made to the user that the containers run as. */
  readonly giveToServices?: (file: string) => Promise<void>;
}

const POLL_MS = 2000;
/** While a model loads, the panel looks more often: it is what somebody waits for. */
const LOADING_POLL_MS = 250;

/** Where answers come from: the configuration, what the gateway makes of it, and the ways to change it. */
export class ModelsService {
  readonly #deps: ModelsServiceDeps;
  readonly #publisher = new StatePublisher<ModelsSnapshot>(
    { seq: 0, source: { kind: 'demo' }, serving: { kind: 'gateway_not_running' } },
    50,
  );
  readonly #unlisten: () => void;
  #sessionKey: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #seq = 0;
  #ended = false;

  constructor(deps: ModelsServiceDeps) {
    this.#deps = deps;
    this.#sessionKey = deps.secrets.get(UPSTREAM_SECRET);
    this.#unlisten = deps.onGatewayChange(() => void this.#gatewayChanged());
    void this.#refresh();
  }

  subscribe(signal?: AbortSignal): AsyncGenerator<ModelsSnapshot, void, void> {
    void this.#refresh();
    return this.#publisher.subscribe(signal);
  }

  /** Secrets that must not show in logs. */
  get secretValues(): readonly string[] {
    return this.#sessionKey === undefined ? [] : [this.#sessionKey];
  }

  findOllama(): Promise<UpstreamProbe> {
    return probeUpstream(ollamaBaseUrl(this.#deps.ollamaHost));
  }

  /** The kept key goes along only to the server that it was entered for. */
  async probe(baseUrl: string, apiKey: string | undefined): Promise<UpstreamProbe> {
    const kept = (await this.#isCurrentServer(trimmed(baseUrl))) ? this.#sessionKey : undefined;
    return probeUpstream(baseUrl, apiKey ?? kept);
  }

  chooseDemo(): Promise<void> {
    return this.#use({ kind: 'demo' });
  }

  async chooseUpstream(input: {
    baseUrl: string;
    model?: string | undefined;
    apiKey?: string | undefined;
  }): Promise<void> {
    const baseUrl = trimmed(input.baseUrl);
    // A key belongs to its server: the gateway must not have it any more when it reads the address of another one.
    if (!(await this.#isCurrentServer(baseUrl))) await this.#forgetKey();
    if (input.apiKey !== undefined) await this.#keepKey(input.apiKey);
    await this.#use({
      kind: 'upstream',
      baseUrl,
      ...(input.model === undefined ? {} : { model: input.model }),
      hasKey: this.#sessionKey !== undefined,
    });
  }

  async chooseGguf(): Promise<boolean> {
    const file = await this.#deps.chooseFile();
    if (file === undefined) return false;
    await this.#use({ kind: 'gguf', fileName: await adoptGguf(file, this.#deps.modelsDirectory) });
    return true;
  }

  dispose(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#unlisten();
  }

  async #use(source: ModelSource): Promise<void> {
    const config = withSource(await this.#readConfig(), source);
    try {
      await writeFileAtomic(this.#deps.configFile, `${JSON.stringify(config, null, 2)}\n`);
    } catch (error) {
      throw diskFault(error, this.#deps.configFile);
    }
    await this.#deps.giveToServices?.(this.#deps.configFile);
    if (this.#deps.gateway.isUp) {
      await this.#pushKey();
      await this.#deps.gateway.reloadConfig();
    }
    await this.#refresh();
  }

  async #readConfig(): Promise<GatewayConfig> {
    const { configFile } = this.#deps;
    let text: string;
    try {
      text = await readFile(configFile, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { backends: [] };
      // A file that is there but cannot be read must not be replaced by a new one.
      throw diskFault(error, configFile);
    }
    return parseGatewayConfig(text, configFile);
  }

  async #keepKey(apiKey: string): Promise<void> {
    this.#sessionKey = apiKey;
    if (this.#deps.secrets.available()) await this.#deps.secrets.set(UPSTREAM_SECRET, apiKey);
  }

  async #forgetKey(): Promise<void> {
    if (this.#sessionKey !== undefined && this.#deps.gateway.isUp)
      await this.#deps.gateway.putSecrets({ [UPSTREAM_SECRET]: '' });
    this.#sessionKey = undefined;
    await this.#deps.secrets.delete(UPSTREAM_SECRET);
  }

  async #isCurrentServer(baseUrl: string): Promise<boolean> {
    const source = await this.#readConfig().then(sourceOf, () => undefined);
    return source?.kind === 'upstream' && trimmed(source.baseUrl) === baseUrl;
  }

  async #gatewayChanged(): Promise<void> {
    try {
      await this.#pushKey();
    } catch (error) {
      this.#deps.logger.warn({ code: toAppError(error).code }, 'the gateway did not take the upstream key');
    }
    await this.#refresh();
  }

  async #pushKey(): Promise<void> {
    if (this.#sessionKey === undefined || !this.#deps.gateway.isUp) return;
    await this.#deps.gateway.putSecrets({ [UPSTREAM_SECRET]: this.#sessionKey });
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    const read = await this.#readConfig().then(
      (config) => ({ source: sourceOf(config), fault: undefined }),
      (error: unknown) => ({ source: this.#publisher.value.source, fault: toAppError(error).toData() }),
    );
    const status = await this.#status();
    const serving = toServing(status);
    // What is not even JSON is found here, with its line; what the values mean only the gateway knows.
    const configError = read.fault ?? refusedConfig(status);
    if (this.#ended) return;
    this.#publishIfChanged({
      source: read.source,
      serving,
      ...(configError === undefined ? {} : { configError }),
      ...(status === undefined || 'code' in status
        ? {}
        : {
            queue: {
              inFlight: status.inFlight,
              waiting: status.queueDepth,
              maxConcurrent: status.maxConcurrent,
            },
          }),
    });
    this.#schedule(serving.kind === 'loading');
  }

  /** Nobody looks and nothing loads: nothing is asked. */
  #schedule(isLoading: boolean): void {
    clearTimeout(this.#timer);
    if (this.#ended || !this.#deps.gateway.isUp) return;
    if (!isLoading && this.#publisher.subscriberCount === 0) return;
    this.#timer = setTimeout(() => void this.#refresh(), isLoading ? LOADING_POLL_MS : POLL_MS);
  }

  async #status(): Promise<GatewayStatus | AppErrorData | undefined> {
    if (!this.#deps.gateway.isUp) return undefined;
    try {
      return await this.#deps.gateway.status();
    } catch (error) {
      return toAppError(error).toData();
    }
  }

  #publishIfChanged(next: Omit<ModelsSnapshot, 'seq'>): void {
    const { seq: _seq, ...before } = this.#publisher.value;
    if (this.#seq > 0 && JSON.stringify(before) === JSON.stringify(next)) return;
    this.#seq += 1;
    this.#publisher.publish({ seq: this.#seq, ...next });
  }
}

function trimmed(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '');
}

function toServing(status: GatewayStatus | AppErrorData | undefined): ModelsSnapshot['serving'] {
  if (status === undefined) return { kind: 'gateway_not_running' };
  if ('code' in status)
    return status.code === 'gateway.not_running'
      ? { kind: 'gateway_not_running' }
      : { kind: 'failed', error: status };
  // One that sleeps answers, too: the question wakes it.
  const ready = status.backends.filter(({ state }) => state === 'ready' || state === 'sleeping');
  if (ready.length > 0)
    return {
      kind: 'ready',
      models: ready.flatMap(({ model, models }): { id: string; demo: boolean; contextSize?: number }[] =>
        model === undefined
          ? models.map((id) => ({ id, demo: false }))
          : [
              {
                id: model.id,
                demo: model.demo ?? false,
                ...(model.contextSize === undefined ? {} : { contextSize: model.contextSize }),
              },
            ],
      ),
    };
  const broken = status.backends.find((backend) => backend.state === 'unavailable');
  if (broken === undefined) return { kind: 'loading' };
  const message = broken.message ?? 'The model cannot be used; the gateway gives no reason.';
  return { kind: 'failed', error: refusalFault({ status: 500, code: broken.code, message }).toData() };
}

function refusedConfig(status: GatewayStatus | AppErrorData | undefined): AppErrorData | undefined {
  if (status === undefined || 'code' in status || status.config?.error === undefined) return undefined;
  const { error, problems } = status.config;
  return new AppError('config.invalid', configWords(problems) ?? error, {
    params: { file: status.config.path },
  }).toData();
}
