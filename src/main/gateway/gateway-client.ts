import {
  type EffectiveConfig,
  EffectiveConfigSchema,
  type GatewayStatus,
  GatewayStatusSchema,
  type KeyCreated,
  KeyCreatedSchema,
  type KeyList,
  KeyListSchema,
  type KeySettings,
  type KeyView,
  KeyViewSchema,
  type ReloadRequest,
  type ReloadResult,
  ReloadResultSchema,
  type RequestList,
  RequestListSchema,
  type SkillDryRun,
  SkillDryRunSchema,
  type SkillHistory,
  SkillHistorySchema,
  type SkillSelection,
  type SkillsSnapshot,
  SkillsSnapshotSchema,
  type Traffic,
  TrafficSchema,
} from '@skilldeck/agent-skills';
import type { Agent } from 'undici';
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { GatewayProvider } from './gateway-connection.ts';
import { connectionFault, notRunningFault, parseEnvelope, refusalFault } from './gateway-faults.ts';

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const QUERY_LIMIT_MS = 5000;
/** A reload reads every skill; a configuration reload may start to load a model. */
const RELOAD_LIMIT_MS = 15_000;

interface Call<T> {
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly answer: z.ZodType<T>;
  readonly body?: unknown;
  readonly limitMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The gateway's admin interface.
 *
 * Rejects with `gateway.not_running`, `.unauthorized`, `.loading` or `.request_failed`; every call has a time limit.
 */
export class GatewayClient {
  readonly #connection: GatewayProvider;
  /** One kept connection: a save must not pay for a new one. */
  #agent: Agent | undefined;

  constructor(connection: GatewayProvider) {
    this.#connection = connection;
  }

  get isUp(): boolean {
    return this.#connection() !== undefined;
  }

  status(signal?: AbortSignal): Promise<GatewayStatus> {
    return this.#call({ method: 'GET', path: '/admin/status', answer: GatewayStatusSchema, signal });
  }

  skills(signal?: AbortSignal): Promise<SkillsSnapshot> {
    return this.#call({ method: 'GET', path: '/admin/skills', answer: SkillsSnapshotSchema, signal });
  }

  /** @param expect what was just written; the answer then says whether exactly that is live. */
  reloadSkills(expect?: ReloadRequest['expect']): Promise<ReloadResult> {
    return this.#call({
      method: 'POST',
      path: '/admin/skills/reload',
      body: expect === undefined ? {} : { expect },
      answer: ReloadResultSchema,
      limitMs: RELOAD_LIMIT_MS,
    });
  }

  async reloadConfig(): Promise<void> {
    await this.#call({
      method: 'POST',
      path: '/admin/config/reload',
      body: {},
      answer: z.unknown(),
      limitMs: RELOAD_LIMIT_MS,
    });
  }

  /** @param since a Unix time in seconds; what was after it */
  traffic(since: number, signal?: AbortSignal): Promise<Traffic> {
    return this.#call({
      method: 'GET',
      path: `/admin/traffic?since=${since}`,
      answer: TrafficSchema,
      signal,
    });
  }

  requests(limit: number): Promise<RequestList> {
    return this.#call({ method: 'GET', path: `/admin/requests?limit=${limit}`, answer: RequestListSchema });
  }

  async cancelRequest(requestId: string): Promise<void> {
    const path = `/admin/queue/${encodeURIComponent(requestId)}`;
    await this.#call({ method: 'DELETE', path, answer: z.unknown() });
  }

  /** Resolves when the load has begun, and rejects when it cannot. */
  async loadBackend(backend: string): Promise<void> {
    const path = `/admin/backends/${encodeURIComponent(backend)}/load`;
    await this.#call({ method: 'POST', path, answer: z.unknown() });
  }

  async unloadBackend(backend: string): Promise<void> {
    const path = `/admin/backends/${encodeURIComponent(backend)}/unload`;
    await this.#call({ method: 'POST', path, answer: z.unknown() });
  }

  async clearCache(): Promise<void> {
    await this.#call({ method: 'DELETE', path: '/admin/cache', answer: z.unknown() });
  }

  /** Every value that the gateway runs by, and where it comes from; of secrets only the names. */
  settings(): Promise<EffectiveConfig> {
    return this.#call({ method: 'GET', path: '/admin/config', answer: EffectiveConfigSchema });
  }

  keys(): Promise<KeyList> {
    return this.#call({ method: 'GET', path: '/admin/keys', answer: KeyListSchema });
  }

  createKey(body: KeySettings): Promise<KeyCreated> {
    return this.#call({ method: 'POST', path: '/admin/keys', body, answer: KeyCreatedSchema });
  }

  updateKey(id: string, body: KeySettings): Promise<KeyView> {
    return this.#call({ method: 'PUT', path: keyPath(id), body, answer: KeyViewSchema });
  }

  rotateKey(id: string): Promise<KeyCreated> {
    return this.#call({ method: 'POST', path: `${keyPath(id)}/rotate`, answer: KeyCreatedSchema });
  }

  async removeKey(id: string): Promise<void> {
    await this.#call({ method: 'DELETE', path: keyPath(id), answer: z.unknown() });
  }

  skillHistory(): Promise<SkillHistory> {
    return this.#call({ method: 'GET', path: '/admin/skills/history', answer: SkillHistorySchema });
  }

  rollBackSkills(generation: number): Promise<SkillHistory> {
    const body = { generation };
    return this.#call({ method: 'POST', path: '/admin/skills/rollback', body, answer: SkillHistorySchema });
  }

  releaseSkills(): Promise<SkillHistory> {
    return this.#call({ method: 'POST', path: '/admin/skills/release', answer: SkillHistorySchema });
  }

  dryRunSkills(body: {
    readonly text: string;
    readonly skills?: SkillSelection | undefined;
  }): Promise<SkillDryRun> {
    return this.#call({ method: 'POST', path: '/admin/skills/dry-run', body, answer: SkillDryRunSchema });
  }

  /** Kept in the gateway's memory only. */
  async putSecrets(secrets: Readonly<Record<string, string>>): Promise<void> {
    await this.#call({ method: 'PUT', path: '/admin/secrets', body: secrets, answer: z.unknown() });
  }

  async dispose(): Promise<void> {
    await this.#agent?.destroy();
  }

  async #call<T>(call: Call<T>): Promise<T> {
    const connection = this.#connection();
    if (connection === undefined) throw notRunningFault();
    const limitMs = call.limitMs ?? QUERY_LIMIT_MS;
    const limit = AbortSignal.timeout(limitMs);
    let status: number;
    let retryAfter: string | undefined;
    let text: string;
    try {
      // Loaded with the first call: a start must not wait for it.
      const undici = await import('undici');
      this.#agent ??= new undici.Agent({ connections: 4, keepAliveTimeout: 30_000 });
      const response = await undici.request(new URL(call.path, connection.baseUrl), {
        method: call.method,
        headers: {
          authorization: `Bearer ${connection.adminKey}`,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: call.body === undefined ? null : JSON.stringify(call.body),
        dispatcher: this.#agent,
        signal: call.signal === undefined ? limit : AbortSignal.any([limit, call.signal]),
      });
      status = response.statusCode;
      const header = response.headers['retry-after'];
      retryAfter = typeof header === 'string' ? header : undefined;
      text = await readBounded(response.body);
    } catch (error) {
      throw connectionFault(error, limitMs / 1000);
    }
    if (status >= 400) throw refusalFault({ status, retryAfter, ...parseEnvelope(text) });
    return parseAnswer(call.answer, text);
  }
}

const keyPath = (id: string): string => `/admin/keys/${encodeURIComponent(id)}`;

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES)
      throw new AppError('gateway.request_failed', phrase('gateway_answer_too_large'));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseAnswer<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(text === '' ? undefined : JSON.parse(text));
  } catch (error) {
    throw new AppError('gateway.request_failed', phrase('gateway_answer_unknown'), {
      hint: 'Is something else listening on the port of the gateway?',
      cause: error,
    });
  }
}
