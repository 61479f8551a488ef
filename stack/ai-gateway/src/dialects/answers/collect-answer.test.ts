import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { answerChunks } from './answer-chunks.ts';
import { AnswerCollector } from './collect-answer.ts';

const collect = (chunks: Iterable<JsonObject>): JsonObject => {
  const collector = new AnswerCollector();
  for (const chunk of chunks) collector.add(chunk);
  return collector.body();
};
const deltas = (...parts: JsonObject[]): JsonObject[] =>
  parts.map((delta) => ({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: null }],
  }));
const callsOf = (body: JsonObject): unknown =>
  (
    body.choices as { message: { tool_calls?: { id: string; function: object }[] } }[]
  )[0]?.message.tool_calls?.map(({ id, function: call }) => ({ id, ...call }));

const text = fc.string({ maxLength: 20 });
const toolCall = fc.record({
  id: fc.uuid(),
  type: fc.constant('function'),
  function: fc.record({ name: fc.string({ minLength: 1 }), arguments: fc.json() }),
});
const chatChoice = fc.record({
  message: fc.record(
    {
      role: fc.constant('assistant'),
      content: fc.oneof(text, fc.constant(null)),
      reasoning_content: text,
      refusal: text,
      tool_calls: fc.uniqueArray(toolCall, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
    },
    { requiredKeys: ['role', 'content'] },
  ),
  logprobs: fc.oneof(fc.constant(null), fc.record({ content: fc.array(fc.record({ token: text })) })),
  finish_reason: fc.constantFrom('stop', 'length', 'tool_calls'),
});
const textChoice = fc.record({
  text,
  logprobs: fc.oneof(fc.constant(null), fc.record({ tokens: fc.array(text) })),
  finish_reason: fc.constantFrom('stop', 'length'),
});
const answer = fc
  .oneof(
    fc.record({ object: fc.constant('chat.completion'), choices: fc.array(chatChoice, { minLength: 1 }) }),
    fc.record({ object: fc.constant('text_completion'), choices: fc.array(textChoice, { minLength: 1 }) }),
  )
  .map(({ object, choices }) => ({
    id: 'a',
    created: 1,
    model: 'm',
    object,
    choices: choices.map((choice, index) => ({ index, ...choice })),
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  }));

describe('a whole answer and its chunks', () => {
  it('are the same thing: what is taken apart is put together again', () => {
    fc.assert(
      fc.property(answer, (body) => {
        expect(collect(answerChunks(body))).toEqual(body);
      }),
    );
  });

  it('join words, reasoning, log probabilities and calls that come in pieces', () => {
    const chunks = [
      ...deltas(
        { role: 'assistant', content: '' },
        { reasoning_content: 'hm' },
        { content: 'a' },
        { content: 'b' },
      ),
      ...deltas(
        { tool_calls: [{ index: 0, id: 'x', type: 'function', function: { name: 'f', arguments: '' } }] },
        { tool_calls: [{ index: 0, function: { arguments: '{"q":' } }] },
        { tool_calls: [{ index: 1, id: 'y', type: 'function', function: { name: 'g', arguments: '{}' } }] },
        { tool_calls: [{ index: 0, function: { arguments: '1}' } }] },
      ),
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
      { choices: [], usage: { prompt_tokens: 1 } },
    ];
    const body = collect(chunks);
    expect(body).toMatchObject({ object: 'chat.completion', usage: { prompt_tokens: 1 } });
    expect((body.choices as object[])[0]).toMatchObject({
      message: { content: 'ab', reasoning_content: 'hm' },
      finish_reason: 'tool_calls',
    });
    expect(callsOf(body)).toEqual([
      { id: 'x', name: 'f', arguments: '{"q":1}' },
      { id: 'y', name: 'g', arguments: '{}' },
    ]);
  });

  it.each([
    ['leaves the index out', [{ id: 'x' }, {}, { id: 'y' }, {}]],
    ['numbers every call 0', [{ index: 0, id: 'x' }, { index: 0 }, { index: 0, id: 'y' }, { index: 0 }]],
    [
      'repeats the id',
      [
        { index: 0, id: 'x' },
        { index: 0, id: 'x' },
        { index: 1, id: 'y' },
        { index: 1, id: 'y' },
      ],
    ],
  ])('tell calls apart when a server %s', (_what, heads) => {
    const parts = heads.map((head, at) => ({
      ...head,
      function: { ...('id' in head && at % 2 === 0 ? { name: 'f' } : {}), arguments: String(at) },
    }));
    expect(callsOf(collect(deltas(...parts.map((part) => ({ tool_calls: [part] })))))).toEqual([
      { id: 'x', name: 'f', arguments: '01' },
      { id: 'y', name: 'f', arguments: '23' },
    ]);
  });

  it('leave out what is not as it should be, without harm', () => {
    const odd = [
      {},
      { choices: 'x' },
      { choices: [null, 3, {}] },
      ...deltas({ tool_calls: [7], content: 4 }),
    ];
    expect(collect(odd)).toMatchObject({ choices: [{ message: { content: null } }] });
  });

  it('keep the log probabilities that there are none of', () => {
    const chunk = (logprobs: JsonObject) => ({ choices: [{ index: 0, delta: {}, logprobs }] });
    const some = { content: [{ token: 'a' }], refusal: null };
    expect(collect([chunk(some), chunk({ content: null, refusal: null }), chunk(some)])).toMatchObject({
      choices: [{ logprobs: { content: [{ token: 'a' }, { token: 'a' }], refusal: null } }],
    });
  });
});

describe('an answer without end', () => {
  const top = Array.from({ length: 20 }, () => ({ token: 'word', logprob: -1, bytes: [1, 2, 3, 4] }));
  const tokens = Array.from({ length: 1000 }, () => ({ token: 'word', logprob: -1, top_logprobs: top }));
  const choice = { index: 0, delta: {} };
  const ofIndex = (index: number): JsonObject => ({ choices: [{ index, delta: { content: '' } }] });

  it.each<[string, (index: number) => JsonObject]>([
    ['words', () => ({ choices: [{ ...choice, delta: { content: 'x'.repeat(100_000) } }] })],
    ['log probabilities', () => ({ choices: [{ ...choice, logprobs: { content: tokens } }] })],
    ['log probabilities by text', () => ({ choices: [{ ...choice, logprobs: { top_logprobs: tokens } }] })],
    [
      'choices',
      (index) => ({
        choices: Array.from({ length: 1000 }, (_, at) => ofIndex(index * 1000 + at).choices).flat(),
      }),
    ],
    [
      'calls',
      (index) => ({
        choices: Array.from({ length: 1000 }, (_, at) => ({
          ...choice,
          delta: { tool_calls: [{ id: `${index} ${at}`, function: { name: 'f', arguments: '' } }] },
        })),
      }),
    ],
    ['fields', (index) => ({ choices: [{ ...choice, delta: { [`${index}${'x'.repeat(100_000)}`]: '' } }] })],
  ])('of %s is given up', (_what, chunk) => {
    const collector = new AnswerCollector(2_000_000);
    expect(() => {
      for (let index = 0; index < 200; index += 1) collector.add(chunk(index));
    }).toThrow(expect.objectContaining({ code: 'upstream_error' }));
  });
});
