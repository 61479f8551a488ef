import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { answerChunks } from './answers/answer-chunks.ts';
import { AnswerCollector } from './answers/collect-answer.ts';
import { chatCompletions } from './chat-completions/chat-completions.ts';
import { completions } from './completions/completions.ts';
import type { AnswerContext, SentEvent } from './dialect.ts';
import { embeddings } from './embeddings/embeddings.ts';
import { messages } from './messages/messages.ts';
import { responses } from './responses/responses.ts';

/** JSON in which the fields of answers stand, with anything in them. */
const keys = fc.constantFrom(
  ...[
    'id',
    'object',
    'created',
    'model',
    'choices',
    'usage',
    'index',
    'delta',
    'message',
    'finish_reason',
    'text',
  ],
  ...[
    'content',
    'reasoning_content',
    'refusal',
    'tool_calls',
    'function',
    'name',
    'arguments',
    'logprobs',
    'data',
  ],
  ...[
    'prompt_tokens',
    'completion_tokens',
    'prompt_tokens_details',
    'embedding',
    'stop_reason',
    '__proto__',
    'toString',
    'skilldeck',
  ],
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(keys, tie('value')), { maxLength: 5 })
      .map((entries) => JSON.parse(JSON.stringify(Object.fromEntries(entries)))),
  ),
}));
const choice = fc.record(
  {
    index: fc.oneof(fc.nat(2), value),
    delta: value,
    message: value,
    finish_reason: value,
    logprobs: value,
    text: value,
  },
  { requiredKeys: [] },
);
const answer = fc.record(
  {
    id: value,
    object: value,
    choices: fc.oneof(fc.array(choice, { maxLength: 3 }), value),
    usage: value,
    data: fc.oneof(value, fc.array(fc.record({ embedding: fc.oneof(value, fc.array(value)) }))),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const context: AnswerContext = {
  requestId: 'req_1',
  model: undefined,
  request: { operation: 'embeddings', input: '', model: undefined, stream: true, fields: {} },
  body: { encoding_format: 'base64', stop_sequences: ['x'], thinking: null },
};

function expectWellFormed(events: readonly SentEvent[]): void {
  for (const { data, event } of events) {
    expect(`${event ?? ''}${data}`).not.toMatch(/[\r\n]/);
    if (data !== '[DONE]') JSON.parse(data);
  }
}

describe.each([chatCompletions, completions, embeddings, responses, messages])('$name', (dialect) => {
  it('makes its own of any whole answer', () => {
    fc.assert(
      fc.property(answer, (body) => {
        expect(JSON.parse(JSON.stringify(dialect.whole(body, context)))).toBeTypeOf('object');
      }),
    );
  });

  it('makes well-formed events of any chunks, and of any whole answer taken apart', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 5 }), (chunks) => {
        for (const list of [chunks, chunks.flatMap((one) => [...answerChunks(one)])]) {
          const stream = dialect.stream(context);
          expectWellFormed([...list.flatMap((chunk) => stream.chunk(chunk)), ...stream.end()]);
        }
      }),
    );
  });

  it('makes its own of any chunks put together', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 5 }), (chunks) => {
        const collector = new AnswerCollector();
        for (const chunk of chunks) collector.add(chunk);
        dialect.whole(collector.body(), context);
      }),
    );
  });
});
