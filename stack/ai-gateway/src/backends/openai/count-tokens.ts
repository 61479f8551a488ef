import { isJsonObject } from '../../json.ts';
import type { UpstreamFlavour } from './model-list.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { readAll } from './upstream-exchange.ts';

const MAX_BYTES = 64 * 1024 * 1024;

/** Tokens of a text by the server's own tokenizer; undefined where it has none, or does not answer. */
export async function countAtUpstream(
  client: UpstreamClient,
  flavour: UpstreamFlavour,
  model: string,
  text: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number | undefined> {
  const body =
    flavour === 'vllm'
      ? { model, prompt: text, add_special_tokens: false }
      : flavour === 'llama-server'
        ? { content: text }
        : undefined;
  if (body === undefined) return undefined;
  const all = { ...headers, 'content-type': 'application/json' };
  try {
    const exchange = client.send('POST', '/tokenize', all, JSON.stringify(body), signal);
    const { status } = await exchange.head;
    const answer: unknown = JSON.parse((await readAll(exchange, MAX_BYTES)).toString('utf8'));
    if (status !== 200 || !isJsonObject(answer)) return undefined;
    if (typeof answer.count === 'number') return answer.count;
    return Array.isArray(answer.tokens) ? answer.tokens.length : undefined;
  } catch {
    signal.throwIfAborted();
    // Callers have an estimate.
    return undefined;
  }
}
