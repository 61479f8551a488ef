import { Agent, type Dispatcher, request } from 'undici';

/** What one request took, in ms since it was sent; chunks' times only of a stream. */
export interface Sample {
  readonly status: number;
  readonly firstMs: number;
  readonly endMs: number;
  readonly gapsMs: readonly number[];
  /** Ended by `[DONE]`, or is JSON. */
  readonly isComplete: boolean;
  readonly retryAfter: string | undefined;
}

export interface CallOptions {
  readonly path?: string;
  readonly stream?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly content?: string;
  readonly model?: string;
  /** 0: others that ask the same get the same answer. */
  readonly temperature?: number;
}

/** Calls chat completions over as many kept connections as there are calls under way. */
export class ChatClient {
  readonly #base: string;
  readonly #agent = new Agent({ keepAliveTimeout: 60_000, headersTimeout: 0, bodyTimeout: 0 });

  constructor(base: string) {
    this.#base = base;
  }

  async call(options: CallOptions = {}): Promise<Sample> {
    const {
      content = 'Say it.',
      headers = {},
      model = 'bench',
      path = '/v1/chat/completions',
      signal,
      stream = false,
      temperature,
    } = options;
    const body = JSON.stringify({ model, messages: [{ role: 'user', content }], stream, temperature });
    const startedAt = performance.now();
    const response = await request(`${this.#base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      dispatcher: this.#agent,
      ...(signal === undefined ? {} : { signal }),
    });
    return read(response, startedAt);
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

async function read(response: Dispatcher.ResponseData, startedAt: number): Promise<Sample> {
  const gapsMs: number[] = [];
  let firstMs = Number.NaN;
  let last = startedAt;
  let tail = '';
  for await (const part of response.body) {
    const now = performance.now();
    if (Number.isNaN(firstMs)) firstMs = now - startedAt;
    else gapsMs.push(now - last);
    last = now;
    tail = (tail + String(part)).slice(-64);
  }
  const retryAfter = response.headers['retry-after'];
  return {
    status: response.statusCode,
    firstMs,
    endMs: performance.now() - startedAt,
    gapsMs,
    isComplete: tail.includes('[DONE]') || tail.trimEnd().endsWith('}'),
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
  };
}

/** So many callers, each of whom asks again as soon as it has its answer. */
export async function closedLoop(
  callers: number,
  requests: number,
  ask: () => Promise<Sample>,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let left = requests;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (left > 0) {
        left -= 1;
        samples.push(await ask());
      }
    }),
  );
  return samples;
}
