import { z } from 'zod';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { UpstreamProbe } from '../../shared/models/models-contract.ts';

const LIMIT_MS = 5000;
const MAX_BYTES = 4 * 1024 * 1024;

const modelListSchema = z.object({ data: z.array(z.object({ id: z.string() })).max(10_000) });

/** Asks an OpenAI-compatible server for its models. What is wrong with it comes back as data. */
export async function probeUpstream(
  baseUrl: string,
  apiKey?: string,
  limitMs = LIMIT_MS,
): Promise<UpstreamProbe> {
  const base = baseUrl.replace(/\/+$/, '');
  try {
    const { request } = await import('undici');
    const response = await request(`${base}/models`, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(limitMs),
    });
    const text = await boundedText(response.body);
    if (response.statusCode >= 400)
      return { kind: 'not_found', error: rejected(base, response.statusCode).toData() };
    const parsed = modelListSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return { kind: 'not_found', error: rejected(base, response.statusCode).toData() };
    return { kind: 'found', baseUrl: base, models: parsed.data.data.map((model) => model.id).sort() };
  } catch (error) {
    return { kind: 'not_found', error: unreachable(base, limitMs, error).toData() };
  }
}

/** Where Ollama listens on this machine: `OLLAMA_HOST`, else its usual port. */
export function ollamaBaseUrl(host: string | undefined): string {
  const text = host?.trim() ?? '';
  if (text === '') return 'http://127.0.0.1:11434/v1';
  const withScheme = /^https?:\/\//.test(text) ? text : `http://${text}`;
  try {
    const url = new URL(withScheme);
    // A server told to listen everywhere is asked on loopback.
    if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
    if (url.port === '' && !/:\d+/.test(text)) url.port = '11434';
    return `${url.origin}/v1`;
  } catch {
    return 'http://127.0.0.1:11434/v1';
  }
}

async function boundedText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function rejected(baseUrl: string, status: number): AppError {
  const isKey = status === 401 || status === 403;
  return new AppError('upstream.rejected', phrase('no_list_of_models', { url: baseUrl, status }), {
    hint: isKey ? 'Check the API key.' : 'Check the address; it usually ends in /v1.',
    params: { baseUrl, status },
  });
}

function unreachable(baseUrl: string, limitMs: number, error: unknown): AppError {
  if (error instanceof SyntaxError) return rejected(baseUrl, 200);
  if (error instanceof Error && error.name === 'TimeoutError')
    return new AppError(
      'upstream.timeout',
      phrase('upstream_too_slow', { url: baseUrl, seconds: limitMs / 1000 }),
      {
        params: { baseUrl, seconds: limitMs / 1000 },
        cause: error,
      },
    );
  return new AppError('upstream.refused', phrase('nothing_answers', { url: baseUrl }), {
    hint: 'Start that server, or check the address.',
    params: { baseUrl },
    cause: toAppError(error),
  });
}
