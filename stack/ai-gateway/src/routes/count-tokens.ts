import { estimateTokens } from '@skilldeck/agent-skills';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { messages } from '../dialects/messages/messages.ts';
import { MessagesRequestSchema } from '../dialects/messages/messages-request.ts';
import { parseMessagesRequest } from '../dialects/messages/parse-messages-request.ts';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import { abortWhenClientLeaves, ClientGone } from '../http/client-gone.ts';
import { requireModel } from '../keys/allowed-models.ts';
import type { ChatGeneration } from '../pipeline/generation-request.ts';
import { textOf } from '../skills/message-text.ts';
import { TextCounter } from './text-counter.ts';

const TokenCountSchema = z
  .object({
    input_tokens: z.int(),
    skilldeck: z.object({
      estimated: z.boolean().describe('The backend has no tokenizer to ask, or too many ask it.'),
    }),
  })
  .meta({ id: 'TokenCount' });

/** Anthropic's `POST /v1/messages/count_tokens`: the caller's own words, by the backend's tokenizer where it has one. */
export function registerCountTokens(app: FastifyInstance, gateway: Gateway): void {
  const doc = {
    summary: 'Count the tokens of a message (Anthropic)',
    description: 'Counts texts and tools; pictures, the template of the model and skills come on top.',
    tag: 'generation',
    body: MessagesRequestSchema,
    answer: TokenCountSchema,
  } as const;
  const config = { errors: messages.errors, doc };
  const counter = new TextCounter();
  app.post('/v1/messages/count_tokens', { config }, async (request, reply) => {
    const parsed = parseMessagesRequest(request.body, request.headers);
    const { id: requestId, principal } = request;
    requireModel(principal, parsed.model);
    if (gateway.isDraining)
      throw new GatewayError('draining', 'The gateway is shutting down.', {
        hint: 'Try again when it is back.',
      });
    const ticket = gateway.keys.admit(principal, 0);
    const controller = abortWhenClientLeaves(reply.raw);
    const untrack = gateway.track(controller, requestId);
    try {
      const text = countedText(parsed);
      const [first] = gateway.pool.route(parsed.model).candidates;
      const { signal } = controller;
      const counted = first && (await counter.count(first.backend, { requestId, principal, text, signal }));
      reply.headers(ticket?.headers ?? {});
      return {
        input_tokens: counted ?? estimateTokens(text),
        skilldeck: { estimated: counted === undefined },
      } satisfies z.infer<typeof TokenCountSchema>;
    } catch (error) {
      if (error instanceof ClientGone) return reply.hijack();
      throw error;
    } finally {
      untrack();
      ticket?.settle(undefined);
    }
  });
}

function countedText({ fields, messages: said }: ChatGeneration): string {
  const texts = said.map((message) => {
    const calls = message.tool_calls === undefined ? '' : JSON.stringify(message.tool_calls);
    return `${textOf(message)}${calls}`;
  });
  return [...texts, ...(fields.tools === undefined ? [] : [JSON.stringify(fields.tools)])].join('\n');
}
