import { z } from 'zod';
import { gatewayFields, ModelName, sampling } from '../shapes/generation-fields.ts';
import { JsonSchemaSchema } from '../shapes/json-schema.ts';
import { LIMITS } from '../shapes/limits.ts';

/** Without a type it is a message. What else an item must hold is looked at when it is turned into a chat message. */
const InputItem = z.looseObject({ type: z.string().max(64).nullish() }).meta({ id: 'ResponseInputItem' });

const ToolSchema = z
  .looseObject({
    type: z.string().min(1).max(64),
    name: z.string().min(1).max(LIMITS.toolName).nullish(),
    description: z.string().nullish(),
    parameters: JsonSchemaSchema.nullish(),
    strict: z.boolean().nullish(),
  })
  .meta({ id: 'ResponseTool' });

const TextFormat = z
  .looseObject({
    type: z.enum(['text', 'json_object', 'json_schema']),
    name: z.string().min(1).max(LIMITS.toolName).nullish(),
    schema: JsonSchemaSchema.nullish(),
    strict: z.boolean().nullish(),
  })
  .refine(({ schema, type }) => type !== 'json_schema' || schema != null, {
    path: ['schema'],
    message: 'the type json_schema needs one',
  });

export const ResponsesRequestSchema = z
  .looseObject({
    model: ModelName.nullish(),
    input: z.union([z.string(), z.array(InputItem).min(1).max(LIMITS.messages)]),
    instructions: z.string().nullish(),
    stream: z.boolean().nullish(),
    max_output_tokens: z.int().min(1).nullish(),
    ...sampling,
    top_logprobs: z.int().min(0).max(1000).nullish(),
    tools: z.array(ToolSchema).max(LIMITS.tools).nullish(),
    tool_choice: z
      .union([
        z.enum(['none', 'auto', 'required']),
        z.looseObject({ type: z.string().min(1).max(64), name: z.string().max(LIMITS.toolName).nullish() }),
      ])
      .nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    text: z.looseObject({ format: TextFormat.nullish(), verbosity: z.string().max(32).nullish() }).nullish(),
    reasoning: z.looseObject({ effort: z.string().max(32).nullish() }).nullish(),
    include: z.array(z.string().max(128)).max(64).nullish(),
    metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
    truncation: z.enum(['auto', 'disabled']).nullish(),
    store: z.boolean().nullish(),
    skills: gatewayFields.skills,
  })
  .meta({ id: 'ResponsesRequest', description: 'Unknown fields are passed on to the model server.' });

export type ResponsesRequest = z.infer<typeof ResponsesRequestSchema>;
export type ResponseInputItem = z.infer<typeof InputItem>;
