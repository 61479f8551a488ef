import type { FastifyInstance } from 'fastify';
import { chatCompletions } from '../dialects/chat-completions/chat-completions.ts';
import { ChatRequestSchema } from '../dialects/chat-completions/parse-chat-request.ts';
import { CompletionRequestSchema, completions } from '../dialects/completions/completions.ts';
import { EmbeddingRequestSchema, embeddings } from '../dialects/embeddings/embeddings.ts';
import { messages } from '../dialects/messages/messages.ts';
import { MessagesRequestSchema } from '../dialects/messages/messages-request.ts';
import { responses } from '../dialects/responses/responses.ts';
import { ResponsesRequestSchema } from '../dialects/responses/responses-request.ts';
import type { Gateway } from '../gateway.ts';
import { registerCountTokens } from './count-tokens.ts';
import { registerGenerations } from './generations.ts';

/** Every API that answers with a model's words (or vectors). */
export function registerApis(app: FastifyInstance, gateway: Gateway): void {
  registerGenerations(app, gateway, '/v1/chat/completions', chatCompletions, {
    summary: 'Answer a chat (OpenAI chat completions)',
    tag: 'generation',
    body: ChatRequestSchema,
    events: 'data: a chat.completion.chunk each, then data: [DONE]',
  });
  registerGenerations(app, gateway, '/v1/completions', completions, {
    summary: 'Continue a text (OpenAI completions)',
    tag: 'generation',
    body: CompletionRequestSchema,
    events: 'data: a text_completion each, then data: [DONE]',
  });
  registerGenerations(app, gateway, '/v1/embeddings', embeddings, {
    summary: 'Turn texts into vectors (OpenAI embeddings)',
    tag: 'generation',
    body: EmbeddingRequestSchema,
  });
  registerGenerations(app, gateway, '/v1/responses', responses, {
    summary: 'Answer in items (OpenAI responses)',
    description: 'Nothing is stored: a conversation is sent whole, as input.',
    tag: 'generation',
    body: ResponsesRequestSchema,
    events:
      'response.created, response.in_progress, items and their deltas, response.completed; numbered through',
  });
  registerGenerations(app, gateway, '/v1/messages', messages, {
    summary: 'Answer a message (Anthropic messages)',
    tag: 'generation',
    body: MessagesRequestSchema,
    events:
      'message_start, content_block_start, content_block_delta, content_block_stop, message_delta, message_stop',
  });
  registerCountTokens(app, gateway);
}
