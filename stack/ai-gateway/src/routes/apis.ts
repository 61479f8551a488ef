import type { FastifyInstance } from 'fastify';
import { chatCompletions } from '../dialects/chat-completions/chat-completions.ts';
import { ChatRequestSchema } from '../dialects/chat-completions/parse-chat-request.ts';
import { CompletionRequestSchema, completions } from '../dialects/completions/completions.ts';
import { EmbeddingRequestSchema, embeddings } from '../dialects/embeddings/embeddings.ts';
import type { Gateway } from '../gateway.ts';
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
}
