import { z } from 'zod';
import type { JsonObject } from '../../json.ts';
import type { EmbeddingGeneration } from '../../pipeline/generation-request.ts';
import { objectsIn } from '../answers/answer-chunks.ts';
import { dataStream } from '../data-stream.ts';
import type { AnswerContext, Dialect } from '../dialect.ts';
import { invalidBody } from '../invalid-body.ts';
import { openAiErrors } from '../openai-errors.ts';
import { ModelName } from '../shapes/generation-fields.ts';
import { textsOrTokens } from '../shapes/texts-or-tokens.ts';
import { fromBase64, toBase64 } from './float-bytes.ts';

export const EmbeddingRequestSchema = z
  .looseObject({
    model: ModelName.nullish(),
    input: textsOrTokens,
    encoding_format: z.enum(['float', 'base64']).nullish(),
    dimensions: z.int().min(1).max(65_536).nullish(),
  })
  .meta({ id: 'EmbeddingRequest', description: 'Unknown fields are passed on to the model server.' });

/** OpenAI's `POST /v1/embeddings`. */
export const embeddings: Dialect = {
  name: 'embeddings',
  errors: openAiErrors,
  parse: parseEmbeddingRequest,
  whole: inWantedEncoding,
  stream: dataStream,
};

function parseEmbeddingRequest(body: unknown): EmbeddingGeneration {
  const parsed = EmbeddingRequestSchema.safeParse(body);
  if (!parsed.success) throw invalidBody(parsed.error, body, '"input"');
  const { input, model, ...fields } = parsed.data;
  return { operation: 'embeddings', model: model ?? undefined, input, stream: false, fields };
}

/** Several servers answer with numbers whatever was asked for; OpenAI's own client asks for base64 and expects it. */
function inWantedEncoding(answer: JsonObject, { body }: AnswerContext): JsonObject {
  const wantsBase64 = body.encoding_format === 'base64';
  const data = objectsIn(answer.data);
  const isAsWanted = data.every(({ embedding }) => (typeof embedding === 'string') === wantsBase64);
  if (isAsWanted) return answer;
  const convert = (embedding: unknown): unknown => {
    if (typeof embedding === 'string') return wantsBase64 ? embedding : fromBase64(embedding);
    return wantsBase64 && Array.isArray(embedding) ? toBase64(embedding) : embedding;
  };
  return { ...answer, data: data.map((one) => ({ ...one, embedding: convert(one.embedding) })) };
}
