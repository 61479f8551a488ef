import { isJsonObject } from '../../../json.ts';
import { GrammarLimit } from '../engine/grammar-limit.ts';
import { type GrammarSchemaOptions, toGrammarSchema } from '../engine/grammar-schema.ts';
import type { AnswerFormat } from '../engine/inference-protocol.ts';
import { llamaCannot, printed } from './llama-unsupported.ts';

/** OpenAI's `response_format`; a schema becomes a grammar that the answer cannot leave. */
export function toAnswerFormat(format: unknown): AnswerFormat {
  if (!isJsonObject(format)) return { kind: 'text' };
  switch (format.type) {
    case 'text':
      return { kind: 'text' };
    case 'json_object':
      // llama.cpp's own server takes a schema here, too.
      return format.schema === undefined || format.schema === null
        ? { kind: 'json' }
        : ofSchema(format.schema, 'response_format.schema');
    case 'json_schema': {
      const { schema } = isJsonObject(format.json_schema) ? format.json_schema : {};
      return schema === undefined || schema === null
        ? { kind: 'json' }
        : ofSchema(schema, 'response_format.json_schema.schema');
    }
    default:
      throw llamaCannot(`answer in the format ${printed(format.type)}`, 'response_format.type');
  }
}

function ofSchema(schema: unknown, param: string): AnswerFormat {
  return { kind: 'schema', schema: grammarOf(schema, param, { lenient: false }) };
}

/** @throws {GatewayError} `unsupported`, with the place inside of the schema */
export function grammarOf(
  schema: unknown,
  param: string,
  options: GrammarSchemaOptions,
): Record<string, unknown> {
  try {
    return toGrammarSchema(schema, options);
  } catch (error) {
    if (!(error instanceof GrammarLimit)) throw error;
    const place = error.path === '' ? param : `${param}.${error.path}`;
    throw llamaCannot(`hold an answer to a schema that ${error.message}`, place);
  }
}
