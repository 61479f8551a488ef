import { z } from 'zod';
import type { TextGeneration } from '../../pipeline/generation-request.ts';
import { dataStream } from '../data-stream.ts';
import type { Dialect } from '../dialect.ts';
import { invalidBody } from '../invalid-body.ts';
import { openAiErrors } from '../openai-errors.ts';
import {
  ChoiceCount,
  MaxTokens,
  ModelName,
  ResponseFormat,
  Seed,
  Stop,
  StreamOptions,
  sampling,
} from '../shapes/generation-fields.ts';
import { LIMITS } from '../shapes/limits.ts';
import { withUsage } from '../shapes/shared-options.ts';
import { promptsIn, textsOrTokens } from '../shapes/texts-or-tokens.ts';

export const CompletionRequestSchema = z
  .looseObject({
    model: ModelName.nullish(),
    prompt: textsOrTokens,
    stream: z.boolean().nullish(),
    stream_options: StreamOptions.nullish(),
    max_tokens: MaxTokens.nullish(),
    ...sampling,
    n: ChoiceCount.nullish(),
    best_of: ChoiceCount.nullish(),
    echo: z.boolean().nullish(),
    suffix: z.string().nullish(),
    logprobs: z.int().min(0).max(1000).nullish(),
    stop: Stop.nullish(),
    seed: Seed.nullish(),
    response_format: ResponseFormat.nullish(),
  })
  .refine(
    ({ best_of: tried, n, prompt }) => promptsIn(prompt) * Math.max(n ?? 1, tried ?? 1) <= LIMITS.answers,
    { path: ['n'], message: `all prompts together may have ${LIMITS.answers} answers` },
  )
  .meta({ id: 'CompletionRequest', description: 'Unknown fields are passed on to the model server.' });

/** OpenAI's `POST /v1/completions`: bare texts, without roles and without skills. */
export const completions: Dialect = {
  name: 'completions',
  errors: openAiErrors,
  parse: parseCompletionRequest,
  whole: (body) => body,
  stream: dataStream,
};

function parseCompletionRequest(body: unknown): TextGeneration {
  const parsed = CompletionRequestSchema.safeParse(body);
  if (!parsed.success) throw invalidBody(parsed.error, body, '"prompt"');
  const { model, prompt, stream: wantsStream, ...fields } = parsed.data;
  const stream = wantsStream === true;
  return {
    operation: 'text_completion',
    model: model ?? undefined,
    prompt,
    stream,
    fields: withUsage(fields, stream),
  };
}
