import { SkillSelectionSchema } from '@skilldeck/agent-skills';
import { z } from 'zod';
import { JsonSchemaSchema } from './json-schema.ts';
import { LIMITS } from './limits.ts';

/*
 * Fields that several APIs share, as OpenAI writes them. Only the shape is checked: which values a model takes is for its
 * server to say. Clients send null for what they leave out.
 */

export const ModelName = z.string().max(512);
export const Stop = z.union([z.string(), z.array(z.string()).max(LIMITS.stops)]);
/** Clients draw 64-bit seeds; those beyond what a double holds are passed on as near as it comes. */
export const Seed = z.number().refine(Number.isInteger, 'expected a whole number').meta({ type: 'integer' });
export const MaxTokens = z.int().min(-1).describe('-1 means no limit where the server knows that.');
export const ChoiceCount = z.int().min(1).max(LIMITS.choices);
export const StreamOptions = z.looseObject({ include_usage: z.boolean().nullish() });

export const sampling = {
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
};

/** What only this gateway understands. */
export const gatewayFields = {
  skills: SkillSelectionSchema.nullish().describe(
    'Skills to apply: by name, by what the text is about, or none.',
  ),
  conversation: z
    .string()
    .min(1)
    .max(200)
    .nullish()
    .describe('Requests of one conversation keep the skills that its first one had.'),
};

export const FunctionTool = z
  .looseObject({
    type: z.literal('function'),
    function: z.looseObject({
      name: z.string().min(1).max(LIMITS.toolName),
      description: z.string().nullish(),
      parameters: JsonSchemaSchema.nullish(),
      strict: z.boolean().nullish(),
    }),
  })
  .meta({ id: 'FunctionTool' });

/** Tools of other kinds are for the upstream to take or refuse. */
export const ChatTool = z.looseObject({ type: z.string().min(1).max(64) }).superRefine((tool, context) => {
  if (tool.type !== 'function') return;
  const parsed = FunctionTool.safeParse(tool);
  if (!parsed.success) context.issues.push(...(parsed.error.issues as z.core.$ZodRawIssue[]));
});

export const ChatToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.looseObject({ type: z.string().min(1).max(64) }),
]);

export const ResponseFormat = z
  .looseObject({
    type: z.string().min(1).max(64),
    schema: JsonSchemaSchema.nullish().describe('Of the type json_object, where the server knows that.'),
    json_schema: z
      .looseObject({
        name: z.string().min(1).max(LIMITS.toolName),
        schema: JsonSchemaSchema.nullish(),
        strict: z.boolean().nullish(),
      })
      .nullish(),
  })
  .refine(({ json_schema: schema, type }) => type !== 'json_schema' || schema != null, {
    path: ['json_schema'],
    message: 'the type json_schema needs one',
  })
  .meta({ id: 'ResponseFormat' });
