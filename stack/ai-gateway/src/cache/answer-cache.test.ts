import { describe, expect, test } from 'vitest';
import type { BackendAnswer } from '../backends/backend.ts';
import { AnswerCollector } from '../dialects/answers/collect-answer.ts';
import type { JsonObject } from '../json.ts';
import type { ChatGeneration } from '../pipeline/generation-request.ts';
import { AnswerCache, type CachedCall, type CacheNote, type CacheSettings } from './answer-cache.ts';
import { cacheKey, isStorable } from './cacheable.ts';

const SETTINGS: CacheSettings = {
  policy: 'deterministic',
  scope: 'key',
  memoryBytes: 1_000_000,
  maxAnswerBytes: 100_000,
  ttlSeconds: 60,
};

const body = (content: string, more: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop', ...more }],
});

const request = (content: string, more: Partial<ChatGeneration> = {}): ChatGeneration => ({
  operation: 'chat',
  model: 'm',
  messages: [{ role: 'user', content }],
  fields: { temperature: 0 },
  stream: false,
  skills: undefined,
  conversation: undefined,
  ...more,
});

function open(settings: Partial<CacheSettings> = {}) {
  let time = 0;
  const cache = new AnswerCache({
    settings: { ...SETTINGS, ...settings },
    onRedisState: () => undefined,
    now: () => time,
  });
  let calls = 0;
  const signals: AbortSignal[] = [];
  const ask = async (wanted: ChatGeneration, options: Partial<CachedCall> = {}) => {
    let note: CacheNote | undefined;
    const answer = await cache.answer({
      principal: 'a',
      target: () => 'm',
      request: wanted,
      skills: undefined,
      directive: 'default',
      signal: new AbortController().signal,
      note: (given) => {
        note = given;
      },
      mayKeep: () => true,
      call: async (signal): Promise<BackendAnswer> => {
        calls += 1;
        signals.push(signal);
        return { kind: 'whole', body: body(`answer ${calls}`) };
      },
      ...options,
    });
    return { answer, result: note?.result };
  };
  return {
    cache,
    ask,
    signals,
    calls: () => calls,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

async function read(answer: BackendAnswer): Promise<JsonObject | undefined> {
  if (answer.kind === 'whole') return answer.body;
  const collector = new AnswerCollector();
  for await (const chunk of answer.chunks) collector.add(chunk);
  return collector.body();
}

const textOf = (whole: JsonObject | undefined) =>
  (whole?.choices as { message: { content: string } }[] | undefined)?.[0]?.message.content;

describe('AnswerCache', () => {
  test('answers the same request from memory, whole or as a stream', async () => {
    const { ask, calls } = open();
    expect((await ask(request('hello'))).result).toBe('MISS');
    const again = await ask(request('hello'));
    expect([again.result, textOf(await read(again.answer))]).toEqual(['HIT', 'answer 1']);
    const streamed = await ask(request('hello', { stream: true }));
    expect([streamed.result, streamed.answer.kind]).toEqual(['HIT', 'stream']);
    expect(textOf(await read(streamed.answer))).toBe('answer 1');
    expect(calls()).toBe(1);
  });

  test('keeps callers, models, words and sampling apart', async () => {
    const { ask } = open();
    await ask(request('hello'));
    const others: [ChatGeneration, Partial<CachedCall>][] = [
      [request('hello'), { principal: 'b' }],
      [request('hello'), { target: () => 'n' }],
      [request('hullo'), {}],
      [request('hello', { fields: { temperature: 0, top_p: 0.5 } }), {}],
      [request('hello', { fields: { temperature: 0, tools: [] } }), {}],
    ];
    for (const [other, options] of others) expect((await ask(other, options)).result).toBe('MISS');
  });

  test('shares answers between callers where the operator wants it', async () => {
    const { ask } = open({ scope: 'shared' });
    await ask(request('hello'));
    expect((await ask(request('hello'), { principal: 'b' })).result).toBe('HIT');
  });

  test('leaves out what may be answered in another way each time, unless all is wanted', async () => {
    const free = request('hello', { fields: {} });
    expect((await open().ask(free)).result).toBe('BYPASS');
    expect((await open({ policy: 'off' }).ask(request('hello'))).result).toBe('BYPASS');
    const { ask } = open({ policy: 'all' });
    await ask(free);
    expect((await ask(free)).result).toBe('HIT');
  });

  test('asks anew with no-cache and keeps that; keeps nothing with no-store', async () => {
    const { ask } = open();
    expect((await ask(request('hello'), { directive: 'no-store' })).result).toBe('BYPASS');
    await ask(request('hello'));
    expect((await ask(request('hello'), { directive: 'no-cache' })).result).toBe('MISS');
    expect(textOf(await read((await ask(request('hello'))).answer))).toBe('answer 3');
  });

  test("does not keep a fallback's answer for the one that was wanted", async () => {
    const { ask } = open();
    await ask(request('hello'), { mayKeep: () => false });
    expect((await ask(request('hello'))).result).toBe('MISS');
  });

  test('forgets after its time, and what does not fit', async () => {
    const timed = open({ ttlSeconds: 10 });
    await timed.ask(request('hello'));
    await timed.cache.clear();
    expect((await timed.ask(request('hello'))).result).toBe('MISS');
    const small = open({ maxAnswerBytes: 10 });
    await small.ask(request('hello'));
    expect((await small.ask(request('hello'))).result).toBe('MISS');
  });

  test.each([
    ['cut', body('x', { finish_reason: 'length' })],
    [
      'a tool call',
      body('', { message: { role: 'assistant', tool_calls: [{}] }, finish_reason: 'tool_calls' }),
    ],
    ['an error', { error: { message: 'no' } }],
  ])('does not keep an answer that is %s', (_name, answer) => {
    expect(isStorable(answer)).toBe(false);
  });

  test('makes one call for callers that ask at the same time, whole and streamed', async () => {
    const { ask, calls } = open();
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const call = async (): Promise<BackendAnswer> => {
      await gate;
      return { kind: 'whole', body: body('one') };
    };
    const first = ask(request('hello'), { call });
    const second = ask(request('hello'));
    const third = ask(request('hello', { stream: true }));
    go();
    const all = await Promise.all([first, second, third]);
    expect(all.map(({ result }) => result)).toEqual(['MISS', 'COALESCED', 'COALESCED']);
    expect(await Promise.all(all.map(async ({ answer }) => textOf(await read(answer))))).toEqual([
      'one',
      'one',
      'one',
    ]);
    expect(calls()).toBe(0);
  });

  test('goes on for the others when one caller leaves, and stops with the last', async () => {
    const { ask } = open();
    let callSignal: AbortSignal | undefined;
    const call = (signal: AbortSignal): Promise<BackendAnswer> => {
      callSignal = signal;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    };
    const [one, two] = [new AbortController(), new AbortController()];
    const first = ask(request('hello'), { call, signal: one.signal });
    const second = ask(request('hello'), { signal: two.signal });
    await new Promise((resolve) => setImmediate(resolve));
    one.abort(new Error('gone 1'));
    await expect(first).rejects.toThrow('gone 1');
    expect(callSignal?.aborted).toBe(false);
    two.abort(new Error('gone 2'));
    await expect(second).rejects.toThrow('gone 2');
    expect(callSignal?.aborted).toBe(true);
  });

  test('tells a stream from its beginning to who joins late, and an error to all', async () => {
    const { ask, cache } = open();
    let next: (chunk: string | undefined) => void = () => undefined;
    const chunk = (content: string): JsonObject => ({
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: { content }, finish_reason: null }],
    });
    async function* chunks(): AsyncGenerator<JsonObject> {
      yield chunk('a');
      for (;;) {
        const word = await new Promise<string | undefined>((resolve) => {
          next = resolve;
        });
        if (word === undefined) throw new Error('broken');
        yield chunk(word);
      }
    }
    const streamed = request('hello', { stream: true });
    const first = await ask(streamed, { call: async () => ({ kind: 'stream', chunks: chunks() }) });
    if (first.answer.kind !== 'stream') throw new Error('not a stream');
    const reader = first.answer.chunks[Symbol.asyncIterator]();
    expect((await reader.next()).value).toEqual(chunk('a'));
    const second = await ask(streamed);
    expect(second.result).toBe('COALESCED');
    if (second.answer.kind !== 'stream') throw new Error('not a stream');
    const late = second.answer.chunks[Symbol.asyncIterator]();
    expect((await late.next()).value).toEqual(chunk('a'));
    const [b, alsoB] = [reader.next(), late.next()];
    await new Promise((resolve) => setImmediate(resolve));
    next('b');
    expect([(await b).value, (await alsoB).value]).toEqual([chunk('b'), chunk('b')]);
    const [end, alsoEnd] = [reader.next(), late.next()];
    await new Promise((resolve) => setImmediate(resolve));
    next(undefined);
    await expect(end).rejects.toThrow('broken');
    await expect(alsoEnd).rejects.toThrow('broken');
    expect(cache.status.entries).toBe(0);
  });
});

describe('cacheKey', () => {
  test('does not depend on the order of keys, nor on how the answer is sent', () => {
    const one = request('hello', { fields: { temperature: 0, seed: 1, user: 'x' } });
    const two = request('hello', { fields: { seed: 1, temperature: 0 }, stream: true });
    const parts = { scope: '', target: 'm', skills: undefined };
    expect(cacheKey({ ...parts, request: one })).toBe(cacheKey({ ...parts, request: two }));
    expect(cacheKey({ ...parts, skills: 'other', request: one })).not.toBe(
      cacheKey({ ...parts, request: one }),
    );
  });
});
