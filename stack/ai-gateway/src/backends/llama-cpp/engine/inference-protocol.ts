import { z } from 'zod';

/* What the gateway asks of the model, and what the model answers. Both sides parse: either may be of another build. */

/** The OpenAI message in the terms of llama.cpp's chat templates. */
export const WorkerMessageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), text: z.string() }),
  z.object({ role: z.literal('user'), text: z.string() }),
  z.object({
    role: z.literal('assistant'),
    text: z.string(),
    calls: z.array(z.object({ id: z.string(), name: z.string(), params: z.unknown() })),
  }),
  z.object({ role: z.literal('tool'), callId: z.string(), text: z.string() }),
]);

export const SamplingSchema = z.object({
  /** 0 asks for nothing but the prompt again. */
  maxTokens: z.int().min(0).optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.int().min(0).max(1_000_000).optional(),
  minP: z.number().min(0).max(1).optional(),
  seed: z.int().min(0).optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
  /** Token id → what is added to its logit; -100 forbids it. */
  logitBias: z
    .array(z.tuple([z.int().min(0), z.number().min(-100).max(100)]))
    .max(1000)
    .optional(),
  stop: z.array(z.string()).max(16).optional(),
  /** Tokens that a reasoning model may think; 0: none. */
  thoughtTokens: z.int().min(0).optional(),
});

/** A JSON schema that the grammar of llama.cpp can hold (`toGrammarSchema`). */
const GrammarSchema = z.record(z.string(), z.unknown());

export const ToolSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  params: GrammarSchema.optional(),
});

export const FormatSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text') }),
  z.object({ kind: z.literal('json') }),
  z.object({ kind: z.literal('schema'), schema: GrammarSchema }),
]);

/** How many alternatives to tell of each token of the answer; left out: no probabilities. */
const Chances = z.int().min(0).max(20).optional();

const TextOrTokens = z.union([z.string(), z.array(z.int())]);

export const AskSchemas = [
  z.object({
    type: z.literal('chat'),
    id: z.string(),
    messages: z.array(WorkerMessageSchema),
    sampling: SamplingSchema,
    tools: z.array(ToolSchema),
    /** `required`: one of the tools must be called. */
    toolUse: z.enum(['auto', 'required']),
    maxCalls: z.int().min(1).optional(),
    format: FormatSchema,
    chances: Chances,
  }),
  z.object({
    type: z.literal('complete'),
    id: z.string(),
    prompt: TextOrTokens,
    /** The answer begins with the prompt. */
    echo: z.boolean(),
    suffix: z.string().optional(),
    sampling: SamplingSchema,
    format: FormatSchema,
    chances: Chances,
  }),
  z.object({ type: z.literal('embed'), id: z.string(), inputs: z.array(TextOrTokens).max(2048) }),
  z.object({ type: z.literal('count'), id: z.string(), text: z.string() }),
  z.object({ type: z.literal('abort'), id: z.string() }),
] as const;

const TokenTextSchema = z.object({
  text: z.string(),
  /** Natural logarithm of the probability; null: of the first token of all, before which nothing stands. */
  logprob: z.number().nullable(),
  /** The likeliest in its place. */
  top: z.array(z.object({ text: z.string(), logprob: z.number() })),
});

export const ReplySchemas = [
  z.object({
    type: z.literal('delta'),
    id: z.string(),
    text: z.string(),
    reasoning: z.boolean(),
    /** A piece of the prompt, which `echo` asks to hear again. */
    ofPrompt: z.boolean().optional(),
    /** Of the text, where they were asked for. */
    tokens: z.array(TokenTextSchema).optional(),
  }),
  /** A piece of the arguments of a call; the first of a call names the tool. */
  z.object({
    type: z.literal('call'),
    id: z.string(),
    index: z.int(),
    name: z.string().optional(),
    argumentsText: z.string(),
  }),
  z.object({
    type: z.literal('done'),
    id: z.string(),
    finishReason: z.enum(['stop', 'length', 'tool_calls']),
    promptTokens: z.int(),
    /** Of these, evaluated already for an earlier request. */
    cachedTokens: z.int(),
    completionTokens: z.int(),
    reasoningTokens: z.int(),
  }),
  z.object({
    type: z.literal('embedded'),
    id: z.string(),
    /** 32-bit floats, little-endian, in base64, as OpenAI packs them. */
    vectors: z.array(z.string()),
    promptTokens: z.int(),
  }),
  z.object({ type: z.literal('counted'), id: z.string(), tokens: z.int() }),
  /** The last word about a request that did not succeed; also the answer to an abort. */
  z.object({
    type: z.literal('failed'),
    id: z.string(),
    code: z.enum(['aborted', 'context_length_exceeded', 'unsupported', 'generation_failed']),
    message: z.string(),
  }),
] as const;

export type WorkerMessage = z.infer<typeof WorkerMessageSchema>;
export type Sampling = z.infer<typeof SamplingSchema>;
export type Tool = z.infer<typeof ToolSchema>;
export type TokenText = z.infer<typeof TokenTextSchema>;
export type AnswerFormat = z.infer<typeof FormatSchema>;
export type TextOrTokens = z.infer<typeof TextOrTokens>;
type Ask = z.infer<(typeof AskSchemas)[number]>;
export type ChatAsk = Extract<Ask, { type: 'chat' }>;
export type CompleteAsk = Extract<Ask, { type: 'complete' }>;
export type EmbedAsk = Extract<Ask, { type: 'embed' }>;
export type Reply = z.infer<(typeof ReplySchemas)[number]>;
export type Done = Extract<Reply, { type: 'done' }>;
