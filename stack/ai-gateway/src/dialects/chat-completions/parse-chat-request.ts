import { z } from 'zod';
import type { ChatGeneration } from '../../pipeline/generation-request.ts';
import { invalidBody } from '../invalid-body.ts';
import {
  ChatTool,
  ChatToolChoice,
  ChoiceCount,
  gatewayFields,
  MaxTokens,
  ModelName,
  ResponseFormat,
  Seed,
  Stop,
  StreamOptions,
  sampling,
} from '../shapes/generation-fields.ts';
import { LIMITS } from '../shapes/limits.ts';
import { gatewayOptions, type RequestHeaders, withUsage } from '../shapes/shared-options.ts';

const ChatMessageSchema = z
  .looseObject({
    role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
    content: z
      .union([
        z.string(),
        z.array(z.looseObject({ type: z.string().min(1).max(64) })).max(LIMITS.partsPerMessage),
      ])
      .nullish(),
  })
  .meta({ id: 'ChatMessage' });

/** What the gateway itself looks at. Everything else is passed on untouched. */
export const ChatRequestSchema = z
  .looseObject({
    model: ModelName.nullish(),
    messages: z.array(ChatMessageSchema).min(1).max(LIMITS.messages),
    stream: z.boolean().nullish(),
    stream_options: StreamOptions.nullish(),
    tools: z.array(ChatTool).max(LIMITS.tools).nullish(),
    tool_choice: ChatToolChoice.nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    response_format: ResponseFormat.nullish(),
    max_tokens: MaxTokens.nullish(),
    max_completion_tokens: MaxTokens.nullish(),
    ...sampling,
    stop: Stop.nullish(),
    seed: Seed.nullish(),
    n: ChoiceCount.nullish(),
    logprobs: z.boolean().nullish(),
    top_logprobs: z.int().min(0).max(1000).nullish(),
    ...gatewayFields,
  })
  .meta({ id: 'ChatCompletionRequest', description: 'Unknown fields are passed on to the model server.' });

export function parseChatRequest(body: unknown, headers: RequestHeaders): ChatGeneration {
  const parsed = ChatRequestSchema.safeParse(body);
  if (!parsed.success) throw invalidBody(parsed.error, body, '"messages"');
  const { conversation, messages, model, skills, stream: wantsStream, ...fields } = parsed.data;
  const stream = wantsStream === true;
  return {
    operation: 'chat',
    model: model ?? undefined,
    messages,
    ...gatewayOptions({ skills, conversation }, headers),
    stream,
    fields: withUsage(fields, stream),
  };
}
