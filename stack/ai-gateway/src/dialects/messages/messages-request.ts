import { z } from 'zod';
import { gatewayFields, ModelName, sampling } from '../shapes/generation-fields.ts';
import { JsonSchemaSchema } from '../shapes/json-schema.ts';
import { LIMITS } from '../shapes/limits.ts';

const Block = z.looseObject({ type: z.string().min(1).max(64) });
const Blocks = z.array(Block).max(LIMITS.partsPerMessage);

const MessageSchema = z
  .looseObject({ role: z.enum(['user', 'assistant', 'system']), content: z.union([z.string(), Blocks]) })
  .meta({ id: 'AnthropicMessage' });

const ToolSchema = z
  .looseObject({
    type: z.string().max(64).nullish(),
    name: z.string().min(1).max(LIMITS.toolName),
    description: z.string().nullish(),
    input_schema: JsonSchemaSchema.nullish(),
  })
  .meta({ id: 'AnthropicTool' });

const OutputFormat = z.looseObject({ type: z.literal('json_schema'), schema: JsonSchemaSchema });

export const MessagesRequestSchema = z
  .looseObject({
    model: ModelName.nullish(),
    messages: z.array(MessageSchema).min(1).max(LIMITS.messages),
    system: z.union([z.string(), Blocks]).nullish(),
    max_tokens: z.int().min(0).nullish(),
    stream: z.boolean().nullish(),
    stop_sequences: z.array(z.string()).max(LIMITS.stops).nullish(),
    ...sampling,
    top_k: z.int().nullish(),
    tools: z.array(ToolSchema).max(LIMITS.tools).nullish(),
    tool_choice: z
      .looseObject({
        type: z.enum(['auto', 'any', 'tool', 'none']),
        name: z.string().max(LIMITS.toolName).nullish(),
        disable_parallel_tool_use: z.boolean().nullish(),
      })
      .refine(({ name, type }) => type !== 'tool' || name != null, {
        path: ['name'],
        message: 'the type tool needs one',
      })
      .nullish(),
    thinking: z
      .looseObject({
        type: z.string().max(32).describe('enabled, adaptive or disabled'),
        budget_tokens: z.int().min(1).nullish(),
      })
      .nullish(),
    output_config: z
      .looseObject({
        effort: z.string().max(32).nullish(),
        format: OutputFormat.nullish(),
      })
      .nullish(),
    output_format: OutputFormat.nullish().describe('The former place of output_config.format.'),
    metadata: z.looseObject({ user_id: z.string().max(1024).nullish() }).nullish(),
    ...gatewayFields,
  })
  .meta({ id: 'MessagesRequest', description: 'Unknown fields are passed on to the model server.' });

export type MessagesRequest = z.infer<typeof MessagesRequestSchema>;
export type AnthropicBlock = z.infer<typeof Block>;
export type AnthropicMessage = z.infer<typeof MessageSchema>;
