import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BackendAnswer } from '../backends/backend.ts';
import type { AnswerContext, Dialect } from '../dialects/dialect.ts';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import { abortWhenClientLeaves } from '../http/client-gone.ts';
import { openEventStream } from '../http/event-stream.ts';
import { isJsonObject } from '../json.ts';
import { OWNER } from '../keys/principal.ts';
import type { CacheDirective } from '../pipeline/generation-request.ts';
import { GenerationRun } from '../pipeline/generation-run.ts';

/** One API of the gateway under its path. */
export function registerGenerations(
  app: FastifyInstance,
  gateway: Gateway,
  path: string,
  dialect: Dialect,
): void {
  app.post(path, { config: { envelope: dialect.envelope } }, async (request, reply) => {
    const parsed = dialect.parse(request.body, request.headers);
    const { priority } = OWNER;
    const run = new GenerationRun(gateway, {
      requestId: request.id,
      principal: OWNER,
      priority: request.headers['x-skilldeck-priority'] === 'batch' ? 'batch' : priority,
      cache: cacheDirective(request),
      traceparent: header(request, 'traceparent'),
      request: parsed,
    });
    const body = isJsonObject(request.body) ? request.body : {};
    const context: AnswerContext = { requestId: request.id, model: parsed.model, request: parsed, body };
    const controller = abortWhenClientLeaves(reply.raw);
    const stopTimer = abortAfter(controller, gateway.config.config.timeouts.requestMs);
    try {
      const answer = await run.open(controller);
      if (answer.kind === 'stream')
        return await streamAnswer(gateway, run, dialect, context, answer, reply, controller.signal);
      const body = dialect.whole(run.annotate(answer.body, 0), context);
      run.finish();
      return await reply.headers(run.headers).send(body);
    } catch (error) {
      const failure = run.finish(controller.signal.aborted ? controller.signal.reason : error);
      if (failure === undefined) return reply.hijack();
      reply.headers(run.headers);
      throw failure;
    } finally {
      stopTimer();
    }
  });
}

async function streamAnswer(
  gateway: Gateway,
  run: GenerationRun,
  dialect: Dialect,
  context: AnswerContext,
  answer: Extract<BackendAnswer, { kind: 'stream' }>,
  reply: FastifyReply,
  signal: AbortSignal,
): Promise<FastifyReply> {
  reply.hijack();
  const stream = openEventStream(reply.raw, run.headers, gateway.config.config.timeouts.pingMs, signal);
  const words = dialect.stream(context);
  let failure: unknown;
  try {
    let index = 0;
    for await (const chunk of answer.chunks) {
      await stream.send(words.chunk(run.annotate(chunk, index)));
      index += 1;
    }
  } catch (error) {
    failure = signal.aborted ? signal.reason : error;
  }
  const error = run.finish(failure);
  stream.end(error === undefined ? words.end() : words.fail(error));
  return reply;
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function cacheDirective(request: FastifyRequest): CacheDirective {
  const control = header(request, 'cache-control') ?? '';
  if (/\bno-store\b/i.test(control)) return 'no-store';
  return /\bno-cache\b/i.test(control) ? 'no-cache' : 'default';
}

function abortAfter(controller: AbortController, limitMs: number): () => void {
  if (limitMs === 0) return () => undefined;
  const timer = setTimeout(() => {
    controller.abort(
      new GatewayError('request_timeout', `The answer was not complete after ${limitMs} ms.`, {
        hint: 'Ask for less, or raise timeouts.requestMs.',
      }),
    );
  }, limitMs);
  return () => clearTimeout(timer);
}
