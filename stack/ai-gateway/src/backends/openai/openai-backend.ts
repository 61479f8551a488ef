import type { Readable } from 'node:stream';
import type { GatewayModel } from '@skilldeck/agent-skills';
import { createParser } from 'eventsource-parser';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { z } from 'zod';
import type { OpenAiBackendConfig } from '../../config/config-schema.ts';
import { GatewayError } from '../../gateway-error.ts';
import type { JsonObject } from '../../json.ts';
import type {
  ChatGeneration,
  EmbeddingGeneration,
  TextGeneration,
} from '../../pipeline/generation-request.ts';
import type { Backend, BackendAnswer, BackendCall, BackendState } from '../backend.ts';
import { toUpstreamError, upstreamCut, upstreamNotJson, upstreamStatus } from './upstream-errors.ts';

export interface OpenAiBackendOptions {
  readonly config: OpenAiBackendConfig;
  readonly timeouts: { readonly connectMs: number; readonly firstByteMs: number; readonly idleMs: number };
  readonly secret: (name: string) => string | undefined;
  readonly onState: () => void;
}

const PROBE_READY_MS = 30_000;
const PROBE_UNAVAILABLE_MS = 3000;
const PROBE_TIMEOUT_MS = 5000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const PROXY_VARIABLES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'];
const MAX_ERROR_BYTES = 64 * 1024;

const ModelListSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });
const JsonObjectSchema = z.record(z.string(), z.unknown());

/** Any server that speaks the OpenAI wire format: Ollama, vLLM, llama-server, LM Studio, a cloud. */
export class OpenAiBackend implements Backend {
  readonly kind = 'openai';
  readonly name: string;
  readonly takesAnyModel = true;
  readonly concurrency: number;
  readonly #options: OpenAiBackendOptions;
  readonly #agent: Dispatcher;
  readonly #disposed = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #state: BackendState;
  #models: readonly string[] = [];

  constructor(options: OpenAiBackendOptions) {
    this.#options = options;
    this.name = options.config.name;
    this.concurrency = options.config.maxConcurrent ?? Number.POSITIVE_INFINITY;
    this.#state = { kind: 'loading', message: `Asking ${this.#address} which models it has.` };
    const { connectMs, firstByteMs, idleMs } = options.timeouts;
    const limits = { connect: { timeout: connectMs }, headersTimeout: firstByteMs, bodyTimeout: idleMs };
    const isBehindProxy = PROXY_VARIABLES.some((name) => (process.env[name] ?? '') !== '');
    this.#agent = isBehindProxy && !isNear(this.#address) ? new EnvHttpProxyAgent(limits) : new Agent(limits);
    void this.#probe();
  }

  get state(): BackendState {
    return this.#state;
  }

  get models(): readonly string[] {
    return this.#models;
  }

  get model(): GatewayModel | undefined {
    const id = this.#options.config.model ?? this.#models[0];
    return id === undefined ? undefined : { id, name: id };
  }

  get #address(): string {
    return this.#options.config.baseUrl;
  }

  digestOf(): undefined {}

  async chat(call: BackendCall<ChatGeneration>): Promise<BackendAnswer> {
    return this.#ask('chat/completions', { messages: call.request.messages }, call);
  }

  async complete(call: BackendCall<TextGeneration>): Promise<BackendAnswer> {
    return this.#ask('completions', { prompt: call.request.prompt }, call);
  }

  async embed(call: BackendCall<EmbeddingGeneration>): Promise<BackendAnswer> {
    return this.#ask('embeddings', { input: call.request.input }, call);
  }

  async countTokens(): Promise<undefined> {}

  load(): Promise<void> {
    return Promise.reject(this.#notHere('loaded'));
  }

  unload(): Promise<void> {
    return Promise.reject(this.#notHere('unloaded'));
  }

  #notHere(what: string): GatewayError {
    return new GatewayError('unsupported', `The models of ${this.name} cannot be ${what} from here.`);
  }

  async #ask(path: string, own: JsonObject, call: BackendCall): Promise<BackendAnswer> {
    const { fields, stream } = call.request;
    const model = call.request.model ?? this.model?.id;
    if (model === undefined) {
      throw new GatewayError('model_not_found', `The model server at ${this.#address} lists no model.`, {
        param: 'model',
        hint: 'Name one in the request or in the configuration.',
      });
    }
    const response = await this.#send(
      path,
      JSON.stringify({ ...fields, ...own, model, ...(path === 'embeddings' ? {} : { stream }) }),
      call,
    );
    if (response.statusCode >= 400) {
      throw upstreamStatus(
        this.#address,
        response.statusCode,
        await readText(response.body, MAX_ERROR_BYTES),
      );
    }
    this.#setState({ kind: 'ready' });
    const type = String(response.headers['content-type'] ?? '');
    if (stream && type.includes('text/event-stream')) {
      return { kind: 'stream', chunks: this.#chunks(response.body, call.signal) };
    }
    const body = await this.#readJson(response.body, call.signal);
    return { kind: 'whole', body };
  }

  async dispose(): Promise<void> {
    this.#disposed.abort();
    clearTimeout(this.#timer);
    await this.#agent.destroy();
  }

  async #send(path: string, body: string, call: BackendCall): Promise<Dispatcher.ResponseData> {
    const options = {
      method: 'POST',
      dispatcher: this.#agent,
      headers: {
        'content-type': 'application/json',
        'x-request-id': call.requestId,
        ...(call.traceparent === undefined ? {} : { traceparent: call.traceparent }),
        ...this.#authorization(),
      },
      body,
      signal: call.signal,
    } as const;
    const url = `${this.#address}/${path}`;
    try {
      return await request(url, options);
    } catch (error) {
      call.signal.throwIfAborted();
      // A kept-alive connection that the server closed meanwhile fails at once; nothing has been answered yet.
      if (
        (error as NodeJS.ErrnoException).code !== 'UND_ERR_SOCKET' &&
        (error as NodeJS.ErrnoException).code !== 'ECONNRESET'
      ) {
        throw this.#noteFailure(error, false);
      }
    }
    try {
      return await request(url, options);
    } catch (error) {
      call.signal.throwIfAborted();
      throw this.#noteFailure(error, false);
    }
  }

  async *#chunks(body: Readable, signal: AbortSignal): AsyncGenerator<JsonObject> {
    let finished = false;
    try {
      for await (const data of serverSentData(body)) {
        if (data === '[DONE]') {
          finished = true;
          break;
        }
        const chunk = parseObject(data);
        if (chunk === undefined) throw upstreamNotJson(this.#address, data);
        if (chunk.error !== undefined) throw upstreamStatus(this.#address, 502, data);
        if (hasFinished(chunk)) finished = true;
        yield chunk;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw this.#noteFailure(error, true);
    } finally {
      body.destroy();
    }
    // A server that simply hangs up would otherwise pass for a complete answer.
    if (!finished) throw upstreamCut(this.#address);
  }

  async #readJson(body: Readable, signal: AbortSignal): Promise<JsonObject> {
    let text: string;
    try {
      text = await readText(body, MAX_BODY_BYTES);
    } catch (error) {
      signal.throwIfAborted();
      throw this.#noteFailure(error, true);
    }
    const parsed = parseObject(text);
    if (parsed === undefined) throw upstreamNotJson(this.#address, text);
    return parsed;
  }

  #authorization(): Record<string, string> {
    const name = this.#options.config.apiKeySecret;
    const key = name === undefined ? undefined : this.#options.secret(name);
    return key === undefined ? {} : { authorization: `Bearer ${key}` };
  }

  #noteFailure(error: unknown, hasBegun: boolean): GatewayError {
    const failure = toUpstreamError(error, this.#address, hasBegun);
    if ((failure.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED') {
      this.#setState({ kind: 'unavailable', code: failure.code, message: failure.message });
      this.#schedule();
    }
    return failure;
  }

  async #probe(): Promise<void> {
    try {
      const signal = AbortSignal.any([this.#disposed.signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]);
      const headers = this.#authorization();
      const response = await request(`${this.#address}/models`, { dispatcher: this.#agent, headers, signal });
      const text = await readText(response.body, MAX_BODY_BYTES);
      if (response.statusCode === 401 || response.statusCode === 403)
        throw upstreamStatus(this.#address, response.statusCode, text);
      const list = ModelListSchema.safeParse(parseObject(text));
      if (list.success) this.#models = list.data.data.map(({ id }) => id);
      this.#setState({ kind: 'ready' });
    } catch (error) {
      if (this.#disposed.signal.aborted) return;
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      const failure = timedOut
        ? new GatewayError(
            'upstream_timeout',
            `The model server at ${this.#address} did not say which models it has in time.`,
          )
        : toUpstreamError(error, this.#address, false);
      this.#setState({ kind: 'unavailable', code: failure.code, message: failure.message });
    }
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#disposed.signal.aborted) return;
    this.#timer = setTimeout(
      () => void this.#probe(),
      this.#state.kind === 'ready' ? PROBE_READY_MS : PROBE_UNAVAILABLE_MS,
    );
    this.#timer.unref();
  }

  #setState(state: BackendState): void {
    const changed = this.#state.kind !== state.kind;
    this.#state = state;
    if (changed) this.#options.onState();
  }
}

function isNear(address: string): boolean {
  return /^(?:localhost|127\.|\[::1\]|host\.docker\.internal$)/.test(new URL(address).hostname);
}

async function* serverSentData(body: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(data), maxBufferSize: MAX_BODY_BYTES });
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes as Uint8Array, { stream: true }));
    yield* events.splice(0);
  }
}

async function readText(body: Readable, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    const bytes = part as Buffer;
    length += bytes.length;
    if (length > maxBytes) {
      parts.push(bytes.subarray(0, bytes.length - (length - maxBytes)));
      break;
    }
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseObject(text: string): JsonObject | undefined {
  try {
    return JsonObjectSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // Not JSON at all; the caller has the sentence for it.
    return undefined;
  }
}

function hasFinished(chunk: JsonObject): boolean {
  return (
    Array.isArray(chunk.choices) &&
    chunk.choices.some((choice: unknown) => {
      return (
        typeof choice === 'object' &&
        choice !== null &&
        'finish_reason' in choice &&
        choice.finish_reason !== null
      );
    })
  );
}
