import { ErrorEnvelopeSchema } from '@skilldeck/agent-skills';
import fc from 'fast-check';
import { expect } from 'vitest';
import { z } from 'zod';
import { BODIES } from './request-bodies.ts';

const LONGEST_MS = 5000;

const AnthropicErrorSchema = z.strictObject({
  type: z.literal('error'),
  error: z.object({
    type: z.enum([
      'invalid_request_error',
      'authentication_error',
      'permission_error',
      'not_found_error',
      'timeout_error',
      'request_too_large',
      'rate_limit_error',
      'api_error',
      'overloaded_error',
    ]),
    message: z.string().min(1),
  }),
  request_id: z.string(),
});

export interface Api {
  readonly whole: z.ZodType;
  readonly error: z.ZodType;
  /** What the last event of a stream is, complete or broken off. */
  readonly lastEvent: RegExp;
}

const DONE = /^data: \[DONE\]$/;
export const APIS: Readonly<Record<string, Api>> = {
  '/v1/chat/completions': {
    whole: z.looseObject({
      object: z.literal('chat.completion'),
      choices: z.array(z.looseObject({})).min(1),
    }),
    error: ErrorEnvelopeSchema,
    lastEvent: DONE,
  },
  '/v1/completions': {
    whole: z.looseObject({
      object: z.literal('text_completion'),
      choices: z.array(z.looseObject({ text: z.string() })),
    }),
    error: ErrorEnvelopeSchema,
    lastEvent: DONE,
  },
  '/v1/embeddings': {
    whole: z.looseObject({ object: z.literal('list'), data: z.array(z.looseObject({})).min(1) }),
    error: ErrorEnvelopeSchema,
    lastEvent: DONE,
  },
  '/v1/responses': {
    whole: z.looseObject({ object: z.literal('response'), status: z.enum(['completed', 'incomplete']) }),
    error: ErrorEnvelopeSchema,
    lastEvent: /^event: (?:response\.(?:completed|incomplete)|error)\n/,
  },
  '/v1/messages': {
    whole: z.looseObject({
      type: z.literal('message'),
      content: z.array(z.looseObject({})),
      stop_reason: z.string(),
    }),
    error: AnthropicErrorSchema,
    lastEvent: /^event: (?:message_stop|error)\n/,
  },
};

export interface Seen {
  answers: number;
  streams: number;
  errors: number;
}

/**
 * Sends any bodies at all to one API: each is answered in the API's own form, never with 500, never late.
 *
 * @param look what else to see to in an answer
 */
export async function sendAnyBodies(
  url: string,
  path: string,
  cases: number,
  look: (text: string) => void = () => undefined,
): Promise<Seen> {
  const api = APIS[path] as Api;
  const seen = { answers: 0, streams: 0, errors: 0 };
  const property = fc.asyncProperty(BODIES[path] as fc.Arbitrary<Buffer>, async (body) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    const text = await response.text();
    look(text);
    if (response.status !== 200) {
      seen.errors += 1;
      expect(response.status).not.toBe(500);
      api.error.parse(JSON.parse(text));
    } else if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
      seen.streams += 1;
      expect(text.trimEnd().split('\n\n').at(-1)).toMatch(api.lastEvent);
    } else {
      seen.answers += 1;
      api.whole.parse(JSON.parse(text));
    }
  });
  await fc.assert(property, { numRuns: cases });
  return seen;
}
