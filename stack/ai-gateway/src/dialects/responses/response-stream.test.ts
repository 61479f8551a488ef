import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { AnswerCollector } from '../answers/collect-answer.ts';
import type { AnswerContext, SentEvent } from '../dialect.ts';
import { ResponseStream } from './response-stream.ts';
import { responses } from './responses.ts';

const context: AnswerContext = {
  requestId: 'req_1',
  model: 'm',
  request: { operation: 'embeddings', input: '', model: 'm', stream: true, fields: {} },
  body: { metadata: { a: 'b' } },
};
const chunk = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
  created: 5,
  choices: [{ index: 0, delta, finish_reason }],
});
const read = (events: readonly SentEvent[]): JsonObject[] => events.map(({ data }) => JSON.parse(data));
const words = fc.array(fc.string({ minLength: 1 }), { maxLength: 4 });
const call = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 });

describe('ResponseStream', () => {
  it('ends with the same response as the whole answer, each item as its own events told it', () => {
    const answer = fc.record({
      thoughts: words,
      texts: words,
      refusals: words,
      calls: fc.array(call, { maxLength: 3 }),
      end: fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter'),
    });
    fc.assert(
      fc.property(answer, ({ calls, end, refusals, texts, thoughts }) => {
        const chunks = [
          ...thoughts.map((text) => chunk({ reasoning_content: text })),
          ...texts.map((text) => chunk({ content: text })),
          ...refusals.map((text) => chunk({ refusal: text })),
          ...calls.flatMap((pieces, index) =>
            pieces.map((piece, at) =>
              chunk({
                tool_calls: [
                  {
                    index,
                    ...(at === 0 ? { id: `c${index}` } : {}),
                    function: { name: 'f', arguments: piece },
                  },
                ],
              }),
            ),
          ),
          chunk({}, end),
          { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } },
        ];
        const collector = new AnswerCollector();
        for (const one of chunks) collector.add(one);
        const stream = new ResponseStream(context);
        const events = read([...chunks.flatMap((one) => stream.chunk(one)), ...stream.end()]);
        const final = events.at(-1)?.response as JsonObject;
        const whole = responses.whole(collector.body(), context);
        expect({ ...final, completed_at: 0 }).toEqual({ ...whole, completed_at: 0 });
        const told = events.filter(({ type }) => type === 'response.output_item.done');
        expect(told.map(({ item }) => item)).toEqual(final.output);
        expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
      }),
    );
  });

  it('keeps calls apart that come side by side', () => {
    const stream = new ResponseStream(context);
    const parts = [
      { index: 0, id: 'a', function: { name: 'f', arguments: '' } },
      { index: 1, id: 'b', function: { name: 'g', arguments: '1' } },
      { index: 0, function: { arguments: '2' } },
      { index: 1, function: { arguments: '3' } },
    ];
    const events = read([
      ...parts.flatMap((part) => stream.chunk(chunk({ tool_calls: [part] }))),
      ...stream.end(),
    ]);
    expect(events.at(-1)).toMatchObject({
      response: {
        output: [
          { type: 'function_call', call_id: 'a', name: 'f', arguments: '2' },
          { type: 'function_call', call_id: 'b', name: 'g', arguments: '13' },
        ],
      },
    });
  });
});
