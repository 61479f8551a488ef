import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ChatAnswer } from '../backends/chat-backend.ts';
import { parseChatRequest } from '../chat/chat-request.ts';
import { ChatRun } from '../chat/chat-run.ts';
import { openEventStream } from '../chat/event-stream.ts';
import { abortWhenClientLeaves } from '../client-gone.ts';
import { GatewayError } from '../errors.ts';
import type { Gateway } from '../gateway.ts';

export function registerChatCompletions(app: FastifyInstance, gateway: Gateway): void {
  app.post('/v1/chat/completions', async (request, reply) => {
    const run = new ChatRun(gateway, request.id, parseChatRequest(request.body));
    const controller = abortWhenClientLeaves(reply.raw);
    const stopTimer = abortAfter(controller, gateway.config.config.timeouts.requestMs);
    try {
      const answer = await run.open(controller);
      if (answer.kind === 'stream') return await streamAnswer(gateway, run, answer, reply, controller.signal);
      const body = run.annotate(answer.body, 0);
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
  run: ChatRun,
  answer: Extract<ChatAnswer, { kind: 'stream' }>,
  reply: FastifyReply,
  signal: AbortSignal,
): Promise<FastifyReply> {
  reply.hijack();
  const stream = openEventStream(reply.raw, run.headers, gateway.config.config.timeouts.pingMs, signal);
  let failure: unknown;
  try {
    let index = 0;
    for await (const chunk of answer.chunks) {
      await stream.send(run.annotate(chunk, index));
      index += 1;
    }
  } catch (error) {
    failure = signal.aborted ? signal.reason : error;
  }
  const error = run.finish(failure);
  // The status has long been sent; without this event a client would take what came so far for the whole answer.
  if (error !== undefined && !reply.raw.destroyed)
    reply.raw.write(`data: ${JSON.stringify(error.toEnvelope())}\n\n`);
  stream.end();
  return reply;
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
