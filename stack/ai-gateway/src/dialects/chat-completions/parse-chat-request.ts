import { SkillSelectionSchema } from '@skilldeck/agent-skills';
import { z } from 'zod';
import type { ChatGeneration } from '../../pipeline/generation-request.ts';
import { invalidBody } from '../invalid-body.ts';

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
  conversation: z.string().min(1).max(200).optional(),
});

export function parseChatRequest(body: unknown): ChatGeneration {
  const parsed = ChatRequestSchema.safeParse(body);
  if (!parsed.success) throw invalidBody(parsed.error, body, '"messages"');
  const { conversation, messages, model, skills, stream, ...fields } = parsed.data;
  return { operation: 'chat', model, messages, skills, conversation, stream: stream === true, fields };
}
