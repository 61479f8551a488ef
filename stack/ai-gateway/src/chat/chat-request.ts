import { SkillSelectionSchema } from '@skilldeck/agent-skills';
import { z } from 'zod';
import { GatewayError } from '../errors.ts';

const ChatMessageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(z.unknown())]).nullish(),
});

/** What the gateway itself looks at. Everything else is passed on untouched. */
const ChatRequestSchema = z.looseObject({
  model: z.string().max(512).optional(),
  messages: z.array(ChatMessageSchema).min(1).max(10_000),
  stream: z.boolean().nullish(),
  skills: SkillSelectionSchema.optional(),
});

export type ChatMessage = z.infer<typeof ChatMessageSchema>;
export type ChatRequest = z.infer<typeof ChatRequestSchema>;

export function parseChatRequest(body: unknown): ChatRequest {
  if (typeof body !== 'object' || body === null) {
    throw new GatewayError('invalid_request', 'The request body must be a JSON object with "messages".');
  }
  const parsed = ChatRequestSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = issue?.path.map(String).join('.') ?? '';
  throw new GatewayError(
    'invalid_request',
    `"${param}" is not as the API wants it: ${issue?.message ?? 'invalid'}.`,
    {
      param,
    },
  );
}
