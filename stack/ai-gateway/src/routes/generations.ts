import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BackendAnswer } from '../backends/backend.ts';
import { answerChunks } from '../dialects/answers/answer-chunks.ts';
import { AnswerCollector } from '../dialects/answers/collect-answer.ts';
import type { AnswerContext, Dialect } from '../dialects/dialect.ts';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import { abortWhenClientLeaves } from '../http/client-gone.ts';
import { endTogether } from '../http/end-together.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { parseJsonBody } from '../json-body.ts';
import { requireModel } from '../keys/allowed-models.ts';
import { continueTrace, type TraceContext } from '../observability/trace-context.ts';
import type { RouteDoc } from '../openapi/route-doc.ts';
import type { CacheDirective } from '../pipeline/generation-request.ts';
import { GenerationRun } from '../pipeline/generation-run.ts';
import { makeReady, readyKey, sendReady } from '../pipeline/ready-hit.ts';
import { reportRefusal } from '../pipeline/report-refusal.ts';
import { StreamAnswer } from './stream-answer.ts';

/** One API of the gateway under its path. */
export function registerGenerations(
  app: FastifyInstance,
  gateway: Gateway,
  path: string,
  dialect: Dialect,
  doc: RouteDoc,
): void {
  app.post(path, { config: { errors: dialect.errors, doc, readsBodyLate: true } }, async (request, reply) => {
    const { principal } = request;
    const trace = continueTrace(header(request, 'traceparent'), header(request, 'tracestate'));
    const key = readyKey(gateway, path, principal, request);
    const ready = key && gateway.ready.find(key);
    let begun: { readonly sent: unknown; readonly run: GenerationRun };
    try {
      if (ready !== undefined)
        return sendReady({ gateway, ready, dialect, principal, trace, request, reply });
      begun = begin(gateway, dialect, request, trace);
    } catch (error) {
      const { id: requestId } = request;
      const traceId = trace?.traceId;
      reportRefusal(gateway, { requestId, traceId, principal, dialect, ms: reply.elapsedTime, error });
      throw error;
    }
    const { run, sent } = begun;
    const parsed = run.options.request;
    const body = isJsonObject(sent) ? sent : {};
    const context: AnswerContext = { requestId: request.id, model: parsed.model, request: parsed, body };
    const controller = abortWhenClientLeaves(reply.raw);
    const stopTimer = abortAfter(controller, gateway.config.config.timeouts.requestMs);
    const headers = (): Record<string, string> => answerHeaders(run, dialect);
    const stream = parsed.stream
      ? new StreamAnswer({
          run,
          reply,
          words: dialect.stream(context),
          headers,
          times: gateway.config.config.timeouts,
          signal: controller.signal,
        })
      : undefined;
    try {
      const answer = await run.open(controller);
      if (stream !== undefined) {
        await stream.send(chunksOf(answer));
        run.finish();
        stream.end();
        return reply;
      }
      const whole = answer.kind === 'whole' ? answer.body : await collect(run, answer.chunks);
      const words = dialect.whole(run.annotateWhole(whole), context);
      run.finish();
      makeReady(gateway, key, run, words);
      // No hook, no schema and no serializer has a word in this answer: it goes past them.
      reply.hijack();
      const { writeMs } = gateway.config.config.timeouts;
      endTogether(reply.raw, Object.entries(headers()).flat(), JSON.stringify(words), writeMs);
      return reply;
    } catch (error) {
      const failure = run.finish(controller.signal.aborted ? controller.signal.reason : error);
      if (failure === undefined) return reply.hijack();
      if (stream?.isOpen === true) {
        stream.fail(failure);
        return reply;
      }
      reply.headers(run.headers);
      throw failure;
    } finally {
      stream?.dispose();
      stopTimer();
    }
  });
}

function begin(
  gateway: Gateway,
  dialect: Dialect,
  request: FastifyRequest,
  trace: TraceContext | undefined,
): { sent: unknown; run: GenerationRun } {
  const { principal } = request;
  const sent: unknown = request.rawBody === '' ? undefined : parseJsonBody(request.rawBody);
  const parsed = dialect.parse(sent, request.headers);
  requireModel(principal, parsed.model);
  const run = new GenerationRun(gateway, {
    requestId: request.id,
    principal,
    priority: request.headers['x-skilldeck-priority'] === 'batch' ? 'batch' : principal.priority,
    cache: cacheDirective(request),
    trace,
    request: parsed,
  });
  return { sent, run };
}

/** A backend (or a cache) may have the whole answer although a stream was asked for. */
function chunksOf(answer: BackendAnswer): AsyncIterable<JsonObject> | Iterable<JsonObject> {
  return answer.kind === 'stream' ? answer.chunks : answerChunks(answer.body);
}

/** And one that only streams is heard to its end for a caller who wants one piece. */
async function collect(run: GenerationRun, chunks: AsyncIterable<JsonObject>): Promise<JsonObject> {
  const collector = new AnswerCollector();
  for await (const chunk of chunks) {
    run.note(chunk);
    collector.add(chunk);
  }
  return collector.body();
}

function answerHeaders(run: GenerationRun, { errors }: Dialect): Record<string, string> {
  return { ...run.headers, [errors.requestIdHeader]: run.options.requestId };
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
