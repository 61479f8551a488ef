import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';
import { appErrorDataSchema } from '../errors/app-error-data.ts';

export const skillSelectionSchema = z.union([z.enum(['auto', 'none']), z.array(z.string().max(64)).max(20)]);
export type SkillSelection = z.output<typeof skillSelectionSchema>;

export const answerFactsSchema = z.object({
  requestId: z.string().optional(),
  model: z.string().optional(),
  backend: z.string().optional(),
  generation: z.number().optional(),
  skills: z.array(z.string()),
  firstTokenMs: z.number().optional(),
  queuedMs: z.number().optional(),
  totalMs: z.number().optional(),
  promptTokens: z.number().optional(),
  completionTokens: z.number().optional(),
});
export type AnswerFacts = z.output<typeof answerFactsSchema>;

export const chatMessageSchema = z.object({
  id: z.string(),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  createdAt: z.number(),
  status: z.enum(['done', 'streaming', 'stopped', 'failed']),
  facts: answerFactsSchema.optional(),
  error: appErrorDataSchema.optional(),
});
export type ChatMessage = z.output<typeof chatMessageSchema>;

export const conversationSummarySchema = z.object({
  id: z.string(),
  title: z.string(),
  updatedAt: z.number(),
  streaming: z.boolean(),
});
export type ConversationSummary = z.output<typeof conversationSummarySchema>;

/** First `snapshot`, then what changes; a window that comes back mid-answer gets the text so far. */
export const conversationEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('snapshot'),
    id: z.string(),
    title: z.string(),
    messages: z.array(chatMessageSchema),
  }),
  z.object({ kind: z.literal('message'), message: chatMessageSchema }),
  z.object({ kind: z.literal('delta'), messageId: z.string(), text: z.string() }),
  z.object({ kind: z.literal('title'), title: z.string() }),
]);
export type ConversationEvent = z.output<typeof conversationEventSchema>;

const conversationRef = z.object({ conversationId: z.string().max(64) });

export const chatContract = {
  list: procedure.input(z.object({})).output(eventIterator(z.array(conversationSummarySchema))),
  create: procedure.input(z.object({})).output(conversationSummarySchema),
  remove: procedure.input(conversationRef).output(z.object({})),
  rename: procedure.input(conversationRef.extend({ title: z.string().min(1).max(120) })).output(z.object({})),
  open: procedure.input(conversationRef).output(eventIterator(conversationEventSchema)),
  /** Returns when the question is stored; the answer arrives through `open`. */
  send: procedure
    .input(
      conversationRef.extend({
        text: z.string().min(1).max(200_000),
        skills: skillSelectionSchema.default('auto'),
        model: z.string().max(200).optional(),
      }),
    )
    .output(z.object({ messageId: z.string() })),
  /** Cuts the conversation back to before `messageId` (a user message) and sends `text` in its place. */
  resend: procedure
    .input(
      conversationRef.extend({
        messageId: z.string().max(64),
        text: z.string().min(1).max(200_000),
        skills: skillSelectionSchema.default('auto'),
      }),
    )
    .output(z.object({ messageId: z.string() })),
  stop: procedure.input(conversationRef).output(z.object({})),
};
