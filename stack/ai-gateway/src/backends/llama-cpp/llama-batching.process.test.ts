import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';
import { makeTalkativeModel } from '../../testing/talkative-model.ts';

const ENGINE = fileURLToPath(new URL('../../../node_modules/node-llama-cpp', import.meta.url));
const NEEDS = { meta: { needs: 'the engine of llama.cpp that the set-up brings' } };
const PARALLEL = 2;
const WORDS = 200;

describe.skipIf(!existsSync(ENGINE))('streams of one model', NEEDS, () => {
  let gateway: TestGateway;
  let client: OpenAI;
  let model: Awaited<ReturnType<typeof makeTalkativeModel>>;

  beforeAll(async () => {
    model = await makeTalkativeModel();
    const settings = { name: 'local', kind: 'llama-cpp', modelPath: model.file, parallel: PARALLEL };
    gateway = await startGateway({}, { backends: [settings] });
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });
    const isReady = () => expect(gateway.gateway.readiness()).toEqual({ status: 'ready' });
    await vi.waitFor(isReady, { timeout: 20_000, interval: 50 });
  }, 60_000);
  afterAll(async () => {
    await gateway?.close();
    await model?.remove();
  });

  /** Which of the streams each word came from, in the order of their coming. */
  async function listenTo(streams: number): Promise<number[]> {
    const heard: number[] = [];
    const listen = async (index: number): Promise<void> => {
      const messages = [{ role: 'user' as const, content: `Question ${index}` }];
      const request = { model: 'local', messages, max_tokens: WORDS, stream: true as const };
      const stream = await client.chat.completions.create(request);
      for await (const { choices } of stream) if (choices[0]?.delta.content) heard.push(index);
    };
    await Promise.all(Array.from({ length: streams }, (_, index) => listen(index)));
    return heard;
  }

  test('are told side by side, as many as it has sequences', async () => {
    const heard = await listenTo(PARALLEL);
    // Words come in bursts where the machine is busy, but whoever is done first was not alone.
    const firstEnd = Math.min(heard.lastIndexOf(0), heard.lastIndexOf(1));
    const early = heard.slice(0, firstEnd).filter((index) => index !== heard[firstEnd]);
    expect(heard.length).toBeGreaterThan(WORDS);
    expect(early.length).toBeGreaterThan(WORDS / 4);
  }, 30_000);

  test('beyond that wait for one to end', async () => {
    const heard = await listenTo(PARALLEL + 1);
    const streams = Array.from({ length: PARALLEL + 1 }, (_, index) => index);
    const begins = streams.map((index) => heard.indexOf(index));
    const ends = streams.map((index) => heard.lastIndexOf(index));
    expect(Math.max(...begins)).toBeGreaterThan(Math.min(...ends));
  }, 30_000);
});
