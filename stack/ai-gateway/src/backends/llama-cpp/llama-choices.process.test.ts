import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const MODEL = fileURLToPath(new URL('../../../../models/skilldeck-demo.gguf', import.meta.url));
/** How likely each of the demo model's three first sentences is (`scripts/demo-model/transitions.ts`). */
const OPENINGS = [6 / 13, 4 / 13, 3 / 13];

const NEEDS = { meta: { needs: 'the demo model that the set-up makes' } };

describe.skipIf(!existsSync(MODEL))('llama.cpp, asked for more than the words', NEEDS, () => {
  let gateway: TestGateway;
  let client: OpenAI;

  beforeAll(async () => {
    gateway = await startGateway({ MODEL_PATH: MODEL });
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });
    const isReady = () => expect(gateway.gateway.readiness()).toEqual({ status: 'ready' });
    await vi.waitFor(isReady, { timeout: 20_000, interval: 50 });
  }, 30_000);
  afterAll(() => gateway.close());

  const messages = [{ role: 'user' as const, content: 'Hello' }];
  const ask = (extra: object) =>
    client.chat.completions.create({
      model: 'local',
      messages,
      max_tokens: 12,
      ...extra,
    } as never) as Promise<OpenAI.ChatCompletion>;
  const first = ({ choices }: OpenAI.ChatCompletion) => choices[0]?.logprobs?.content?.[0];

  test.each([0, 0.7, 1.5])(
    'tells the probabilities of the model itself at temperature %d',
    async (temperature) => {
      const answer = await ask({ temperature, top_p: 1, logprobs: true, top_logprobs: 5 });
      const [likeliest, second, third] = (first(answer)?.top_logprobs ?? []).map(({ logprob }) =>
        Math.exp(logprob),
      );
      expect([likeliest, second, third]).toEqual(OPENINGS.map((share) => expect.closeTo(share, 3)));
      const own = first(answer);
      const told = own?.top_logprobs.find(({ token }) => token === own.token);
      expect(told?.logprob).toBe(own?.logprob);
    },
  );

  test('tells the tokens that make the text, with their bytes, whole and streamed', async () => {
    const wish = { temperature: 0, logprobs: true };
    const [choice] = (await ask(wish)).choices;
    const tokens = choice?.logprobs?.content ?? [];
    expect(tokens.map(({ token }) => token).join('')).toBe(choice?.message.content);
    expect(Buffer.from(tokens.flatMap(({ bytes }) => bytes ?? [])).toString()).toBe(choice?.message.content);
    expect(tokens.every(({ top_logprobs: top }) => top.length === 0)).toBe(true);
    const stream = client.chat.completions.stream({ model: 'local', messages, max_tokens: 12, ...wish });
    const streamed = (await stream.finalChatCompletion()).choices[0];
    expect(streamed?.logprobs?.content).toEqual(tokens);
  });

  test('tells them of a bare text in the form of that API', async () => {
    const { choices } = await client.completions.create({
      model: 'local',
      prompt: 'Well.',
      temperature: 0,
      max_tokens: 4,
      logprobs: 2,
    });
    const told = choices[0]?.logprobs;
    const text = choices[0]?.text ?? '';
    expect(told?.tokens?.join('')).toBe(text);
    expect(told?.text_offset?.map((offset, at) => text.startsWith(told.tokens?.[at] ?? '', offset))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(told?.token_logprobs?.[0]).toBeCloseTo(Math.log(OPENINGS[0] ?? 0), 3);
    expect(Object.keys(told?.top_logprobs?.[0] ?? {})).toHaveLength(2);
  });

  test('tells them of a prompt, given as a text or as tokens, with an answer or without one', async () => {
    const wish = { model: 'local', echo: true, logprobs: 3, temperature: 0 };
    const prompt = 'I am the other, 你好';
    const [scored] = (await client.completions.create({ ...wish, prompt, max_tokens: 0 })).choices;
    expect(scored).toMatchObject({ text: prompt, finish_reason: 'length' });
    const tokens = scored?.logprobs?.tokens ?? [];
    const logprobs = scored?.logprobs?.token_logprobs ?? [];
    const at = tokens.indexOf('I');
    expect(tokens.slice(0, at + 3).join('')).toBe('I am the');
    expect(logprobs[at]).toBeCloseTo(Math.log(OPENINGS[0] ?? 0), 3);
    // What the model goes on with for sure, and what it never says.
    expect(logprobs[at + 1]).toBeCloseTo(0, 3);
    expect(logprobs.at(-1)).toBeLessThan(-10);
    expect(Object.keys(scored?.logprobs?.top_logprobs?.[0] ?? {})).toHaveLength(3);

    const [longer] = (await client.completions.create({ ...wish, prompt, max_tokens: 2 })).choices;
    expect(longer?.logprobs?.tokens?.slice(0, -2)).toEqual(tokens);
    expect(longer?.logprobs?.text_offset?.at(-2)).toBe(prompt.length);

    // The number of llama.cpp's token for a line break in this vocabulary is 13, as in most.
    const [given] = (await client.completions.create({ ...wish, prompt: [13, 13], max_tokens: 0 })).choices;
    expect(given?.text).toBe('\n\n');
    expect(given?.logprobs?.token_logprobs).toHaveLength(2);
  });

  test('tells them of a long prompt in pieces, whose offsets go on from one to the next', async () => {
    const prompt = 'I am the other, 你好, and so on. '.repeat(6);
    const wish = { model: 'local', echo: true, logprobs: 1, temperature: 0, max_tokens: 2, prompt };
    const stream = await client.completions.create({ ...wish, stream: true });
    const chunks: OpenAI.Completion[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const choices = chunks.flatMap((chunk) => chunk.choices);
    expect(
      choices
        .map(({ text }) => text)
        .join('')
        .startsWith(prompt),
    ).toBe(true);
    const told = choices.filter(({ logprobs }) => (logprobs?.tokens?.length ?? 0) > 0);
    expect(told.length).toBeGreaterThan(4);
    let at = 0;
    for (const { logprobs, text } of told) {
      expect(logprobs?.text_offset?.[0]).toBe(at);
      expect(logprobs?.tokens?.length).toBeLessThanOrEqual(96);
      at += text.length;
    }
    const whole = await client.completions.create(wish);
    expect(whole.choices[0]?.logprobs?.tokens).toEqual(told.flatMap(({ logprobs }) => logprobs?.tokens));
  });

  test('tells them of an answer that a grammar holds', async () => {
    const schema = { type: 'object', properties: { size: { enum: ['small', 'large'] } }, required: ['size'] };
    const format = { type: 'json_schema', json_schema: { name: 'coffee', schema, strict: true } };
    const wish = { temperature: 0, max_tokens: 60, logprobs: true, top_logprobs: 2 };
    const [choice] = (await ask({ ...wish, response_format: format })).choices;
    const tokens = choice?.logprobs?.content ?? [];
    expect(JSON.parse(choice?.message.content ?? '')).toEqual({ size: expect.stringMatching(/small|large/) });
    expect(tokens.map(({ token }) => token).join('')).toBe(choice?.message.content);
    expect(tokens.every(({ logprob }) => logprob <= 0)).toBe(true);
  });

  test('tells none where nobody asked', async () => {
    expect((await ask({})).choices[0]?.logprobs).toBeNull();
  });

  test('gives several answers, each with an end of its own, and counts the prompt once', async () => {
    const one = await ask({ temperature: 2, top_p: 1, seed: 5 });
    const { choices, usage } = await ask({ temperature: 2, top_p: 1, seed: 5, n: 8 });
    expect(choices.map(({ index, finish_reason: reason }) => [index, reason])).toEqual(
      Array.from({ length: 8 }, (_, index) => [index, 'length']),
    );
    const texts = choices.map(({ message }) => message.content);
    expect(texts[0]).toBe(one.choices[0]?.message.content);
    expect(new Set(texts).size).toBeGreaterThan(1);
    expect(usage).toMatchObject({ prompt_tokens: one.usage?.prompt_tokens, completion_tokens: 8 * 12 });
    const stream = client.chat.completions.stream({ model: 'local', messages, max_tokens: 3, n: 2 });
    expect((await stream.finalChatCompletion()).choices.map(({ index }) => index)).toEqual([0, 1]);
  });

  test('gives several answers to each of several texts', async () => {
    const { choices, usage } = await client.completions.create({
      model: 'local',
      prompt: ['One', 'Two'],
      echo: true,
      logprobs: 0,
      n: 2,
      max_tokens: 1,
    });
    expect(choices.map(({ index, text }) => `${index} ${text.slice(0, 3)}`)).toEqual([
      '0 One',
      '1 One',
      '2 Two',
      '3 Two',
    ]);
    const prompts = choices.map(({ logprobs }) => logprobs?.token_logprobs?.slice(0, -1));
    expect(prompts[0]?.length).toBeGreaterThan(0);
    expect([prompts[1], prompts[3]]).toEqual([prompts[0], prompts[2]]);
    expect(choices.map(({ logprobs, text }) => logprobs?.tokens?.join('') === text)).toEqual(
      Array(4).fill(true),
    );
    expect(usage?.completion_tokens).toBe(4);
  });

  test('answers the same question in the same second in different ways', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask({ temperature: 2, top_p: 1 })));
    expect(new Set(answers.map(({ choices }) => choices[0]?.message.content)).size).toBeGreaterThan(1);
  });

  test('stops in the middle of several answers when the caller leaves', async () => {
    const controller = new AbortController();
    const stream = await client.chat.completions.create(
      { model: 'local', messages, n: 100, stream: true, max_tokens: 500 },
      { signal: controller.signal },
    );
    for await (const { choices } of stream) if (choices[0]?.index === 1) controller.abort();
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0));
  });
});
