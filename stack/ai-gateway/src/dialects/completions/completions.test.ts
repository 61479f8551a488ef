import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { completions } from './completions.ts';

const parse = (body: JsonObject) => completions.parse(body, {});

describe('a request for completions', () => {
  it('is bounded in its answers: prompts and choices together', () => {
    const prompt = Array.from({ length: 2048 }, () => 'a');
    expect(parse({ prompt, n: 2 }).fields).toEqual({ n: 2 });
    expect(parse({ prompt: 'a', n: 128 }).fields).toEqual({ n: 128 });
    // One list of tokens is one prompt.
    expect(parse({ prompt: Array.from({ length: 2048 }, () => 1), n: 128 }).fields).toEqual({ n: 128 });
    for (const wish of [{ n: 3 }, { best_of: 128 }])
      expect(() => parse({ prompt, ...wish })).toThrow(
        expect.objectContaining({ code: 'invalid_request', param: 'n' }),
      );
  });

  it('bounds the schema that its answer is to keep to', () => {
    const schema = { enum: Array.from({ length: 20_001 }, (_, index) => index) };
    expect(() => parse({ prompt: 'a', response_format: { type: 'json_object', schema } })).toThrow(
      expect.objectContaining({ param: 'response_format.schema' }),
    );
  });
});
