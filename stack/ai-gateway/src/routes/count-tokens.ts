import { estimateTokens } from '@skilldeck/agent-skills';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { messages } from '../dialects/messages/messages.ts';
import { MessagesRequestSchema } from '../dialects/messages/messages-request.ts';
import { parseMessagesRequest } from '../dialects/messages/parse-messages-request.ts';
import type { Gateway } from '../gateway.ts';
import { abortWhenClientLeaves } from '../http/client-gone.ts';
import type { ChatGeneration } from '../pipeline/generation-request.ts';
import { textOf } from '../skills/message-text.ts';

const TokenCountSchema = z
  .object({
    input_tokens: z.int(),
    skilldeck: z.object({ estimated: z.boolean().describe('The backend has no tokenizer to ask.') }),
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
  app.post('/v1/messages/count_tokens', { config }, async (request, reply) => {
    const parsed = parseMessagesRequest(request.body, request.headers);
    const text = countedText(parsed);
    const { signal } = abortWhenClientLeaves(reply.raw);
    const backend = gateway.pool.route(parsed.model).candidates[0]?.backend;
    const counted = await backend?.countTokens(text, signal);
    return {
      input_tokens: counted ?? estimateTokens(text),
      skilldeck: { estimated: counted === undefined },
    } satisfies z.infer<typeof TokenCountSchema>;
  });
}

function countedText({ fields, messages: said }: ChatGeneration): string {
  const texts = said.map((message) => {
    const calls = message.tool_calls === undefined ? '' : JSON.stringify(message.tool_calls);
    return `${textOf(message)}${calls}`;
  });
  return [...texts, ...(fields.tools === undefined ? [] : [JSON.stringify(fields.tools)])].join('\n');
}
