import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../gateway-error.ts';
import type { JsonObject } from '../../json.ts';
import { AnswerCollector } from '../answers/collect-answer.ts';
import type { AnswerContext } from '../dialect.ts';
import { toMessage } from './message-answer.ts';
import { MessageStream } from './message-stream.ts';

const context: AnswerContext = {
  requestId: 'req_1',
  model: 'm',
  request: { operation: 'embeddings', input: '', model: 'm', stream: true, fields: {} },
  body: {},
};
const chunk = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const call = (index: number, text: string, head: JsonObject = {}): JsonObject =>
  chunk({
    tool_calls: [
      { index, ...head, function: { ...('id' in head ? { name: `f${index}` } : {}), arguments: text } },
    ],
  });

function eventsOf(chunks: readonly JsonObject[]): JsonObject[] {
  const stream = new MessageStream(context);
  return [...chunks.flatMap((one) => stream.chunk(one)), ...stream.end()].map(({ data }) => JSON.parse(data));
}

/** Puts a message together as the clients do; blocks that are not strictly one after the other are an error. */
function accumulate(events: readonly JsonObject[]): JsonObject[] {
  const content: JsonObject[] = [];
  let open: number | undefined;
  for (const event of events) {
    const {
      content_block: block,
      delta,
      index,
      type,
    } = event as Record<string, JsonObject> & { index: number; type: unknown };
    if (type === 'content_block_start') {
      expect([open, index]).toEqual([undefined, content.length]);
      open = index;
      content.push({ ...block, ...(block?.type === 'tool_use' ? { json: '' } : {}) });
    } else if (type === 'content_block_delta') {
      expect(index).toBe(open);
      const target = content[index] ?? {};
      for (const [field, key] of [
        ['text', 'text'],
        ['thinking', 'thinking'],
        ['partial_json', 'json'],
      ] as const)
        if (delta !== undefined && field in delta) target[key] = `${target[key]}${delta[field]}`;
    } else if (type === 'content_block_stop') {
      expect(index).toBe(open);
      open = undefined;
    }
  }
  expect(open).toBeUndefined();
  return content.map(({ json, ...block }) =>
    json === undefined ? block : { ...block, input: JSON.parse(json as string) },
  );
}

describe('MessageStream', () => {
  it('keeps blocks one after the other although calls come side by side', () => {
    const content = accumulate(
      eventsOf([
        call(0, '', { id: 'a' }),
        call(1, '{"b"', { id: 'b' }),
        call(0, '{"a":1}'),
        call(1, ':2}'),
        chunk({}, 'tool_calls'),
      ]),
    );
    expect(content).toEqual([
      { type: 'tool_use', id: 'a', name: 'f0', input: { a: 1 } },
      { type: 'tool_use', id: 'b', name: 'f1', input: { b: 2 } },
    ]);
  });

  it('says the same as the whole answer, whatever comes in whichever order', () => {
    const part = fc.oneof(
      fc.record({ kind: fc.constant('text'), text: fc.string({ minLength: 1 }) }),
      fc.record({ kind: fc.constant('thought'), text: fc.string({ minLength: 1 }) }),
    );
    const calls = fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 12 }), { maxLength: 1 });
    fc.assert(
      fc.property(fc.array(part), calls, (parts, [order = []]) => {
        const seen = new Set<number>();
        // Indexes count up from 0 in the order in which the calls begin.
        const indexes = [...new Set(order)];
        const chunks = [
          ...parts.map(({ kind, text }) =>
            chunk(kind === 'text' ? { content: text } : { reasoning_content: text }),
          ),
          ...order.map((given, at) => {
            const index = indexes.indexOf(given);
            const isNew = !seen.has(index);
            seen.add(index);
            const last = order.lastIndexOf(given) === at;
            return call(
              index,
              `${isNew ? '[' : ','}${at}${last ? ']' : ''}`,
              isNew ? { id: `id${index}` } : {},
            );
          }),
          chunk({}, 'stop'),
        ];
        const collector = new AnswerCollector();
        for (const one of chunks) collector.add(one);
        const whole = toMessage(collector.body(), context).content as JsonObject[];
        const streamed = accumulate(eventsOf(chunks));
        const texts = (blocks: readonly JsonObject[], key: string): string =>
          blocks.map((block) => block[key] ?? '').join('');
        for (const key of ['text', 'thinking']) expect(texts(streamed, key)).toBe(texts(whole, key));
        const uses = (blocks: readonly JsonObject[]): unknown[] =>
          blocks.filter(({ type }) => type === 'tool_use');
        const asInput = (use: unknown): unknown => ({
          ...(use as object),
          input: (use as { input: { arguments: unknown } }).input.arguments,
        });
        expect(uses(streamed)).toEqual(uses(whole).map(asInput));
      }),
    );
  });

  it('ends with the counts of the last chunk, the cached ones apart', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } };
    const events = eventsOf([chunk({ content: 'a' }, 'stop'), { choices: [], usage }]);
    expect(events.at(-2)).toMatchObject({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 3 },
    });
  });

  it('ends an incomplete answer with an error and without message_stop', () => {
    const events = new MessageStream(context).fail(new GatewayError('upstream_cut', 'It broke off.'));
    expect(events.map(({ event }) => event)).toEqual(['error']);
    expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({
      type: 'error',
      error: { type: 'api_error' },
      request_id: 'req_1',
    });
  });
});
