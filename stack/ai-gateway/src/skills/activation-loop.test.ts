import { describe, expect, test } from 'vitest';
import type { BackendAnswer } from '../backends/backend.ts';
import { AnswerCollector } from '../dialects/answers/collect-answer.ts';
import type { JsonObject } from '../json.ts';
import type { ChatGeneration } from '../pipeline/generation-request.ts';
import { answerWithSkills } from './activation-loop.ts';
import { SkillResources } from './skill-resources.ts';
import { SkillTools } from './skill-tools.ts';
import { snapshotOf } from './testing/snapshot-of.ts';

const REQUEST: ChatGeneration = {
  operation: 'chat',
  model: undefined,
  messages: [{ role: 'user', content: 'a cup of tea in Rome?' }],
  fields: {},
  stream: true,
  skills: undefined,
  conversation: undefined,
};
const USAGE = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };

const delta = (words: object): JsonObject => ({
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: words, finish_reason: null }],
});
const end = (reason: string): JsonObject[] => [
  { object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: reason }] },
  { object: 'chat.completion.chunk', choices: [], usage: USAGE },
];
const begin = (index: number, name: string, id = `call_${index}`) =>
  delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
const more = (index: number, text: string) =>
  delta({ tool_calls: [{ index, function: { arguments: text } }] });
const takeTea = (index: number, id?: string) => [
  begin(index, 'activate_skill', id),
  more(index, '{"name":'),
  more(index, '"tea"}'),
];
const askWeather = (index: number, id?: string) => [
  begin(index, 'get_weather', id),
  more(index, '{"city":'),
  more(index, '"Rome"}'),
];
const weatherCall = (id: string) => ({
  id,
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"Rome"}' },
});

const streamOf = (chunks: readonly JsonObject[]): BackendAnswer => ({
  kind: 'stream',
  chunks: (async function* () {
    yield* chunks;
  })(),
});
const wholeOf = (message: object, reason = 'stop'): BackendAnswer => ({
  kind: 'whole',
  body: {
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason: reason }],
    usage: USAGE,
  },
});

/** What a caller gets when the model answers so, round by round. */
async function answer(...rounds: BackendAnswer[]) {
  const asked: ChatGeneration[] = [];
  const activated: string[] = [];
  const tools = new SkillTools({
    snapshot: snapshotOf({ tea: 'Use water of 80 degrees.' }),
    root: '/nowhere',
    resources: new SkillResources(),
    active: [],
    budget: { tokens: 1000, tokensOf: (text) => text.length },
    onActivated: (name) => activated.push(name),
  });
  const given = await answerWithSkills({
    request: REQUEST,
    tools,
    call: (request) => {
      asked.push(request);
      const next = rounds.length > 1 ? rounds.shift() : rounds[0];
      if (asked.length > 20 || next === undefined) throw new Error('There is no end to it.');
      return Promise.resolve(next);
    },
  });
  const chunks: JsonObject[] = [];
  if (given.kind === 'stream') for await (const chunk of given.chunks) chunks.push(chunk);
  const collector = new AnswerCollector();
  for (const chunk of chunks) collector.add(chunk);
  const body = given.kind === 'whole' ? given.body : collector.body();
  const [choice] = body.choices as { message: JsonObject; finish_reason: string }[];
  return { activated, asked, body, chunks, message: choice?.message, reason: choice?.finish_reason };
}

describe('a stream in which the model calls', () => {
  test("the caller's tool first and a skill after it gives the caller its call once", async () => {
    const { asked, chunks, message, reason } = await answer(
      streamOf([
        delta({ role: 'assistant', reasoning_content: 'Where?' }),
        ...askWeather(0),
        ...takeTea(1),
        ...end('tool_calls'),
      ]),
    );
    expect(message).toEqual({
      role: 'assistant',
      content: null,
      reasoning_content: 'Where?',
      tool_calls: [weatherCall('call_0')],
    });
    expect(reason).toBe('tool_calls');
    expect(JSON.stringify(chunks)).not.toContain('activate_skill');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: USAGE });
    expect(asked).toHaveLength(1);
  });

  test('a skill first gives the caller its own call under the first index', async () => {
    const { chunks, message } = await answer(
      streamOf([...takeTea(0), ...askWeather(1), ...end('tool_calls')]),
    );
    expect(message?.tool_calls).toEqual([weatherCall('call_1')]);
    expect(JSON.stringify(chunks)).not.toContain('"index":1');
  });

  test('both under one index, as some servers number them, keeps them apart', async () => {
    const { message } = await answer(
      streamOf([...askWeather(0, 'a'), ...takeTea(0, 'b'), ...end('tool_calls')]),
    );
    expect(message?.tool_calls).toEqual([weatherCall('a')]);
  });

  test('a skill whose name comes late shows nothing of it', async () => {
    const { activated, chunks } = await answer(
      streamOf([
        delta({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: {} }] }),
        delta({
          tool_calls: [{ index: 0, function: { name: 'activate_skill', arguments: '{"name":"tea"}' } }],
        }),
        ...end('tool_calls'),
      ]),
      streamOf([delta({ content: 'Hot.' }), ...end('stop')]),
    );
    expect(activated).toEqual(['tea']);
    expect(JSON.stringify(chunks)).not.toContain('tool_calls');
  });

  test('a skill lets words out at once and goes on with those of the next round', async () => {
    const { asked, chunks, message, reason } = await answer(
      streamOf([delta({ content: 'Let me see. ' }), ...takeTea(0), ...end('tool_calls')]),
      streamOf([delta({ content: '80 degrees.' }), ...end('stop')]),
    );
    expect(message).toMatchObject({ content: 'Let me see. 80 degrees.' });
    expect(message).not.toHaveProperty('tool_calls');
    expect(reason).toBe('stop');
    expect(
      chunks.filter(({ choices }) => JSON.stringify(choices).includes('"finish_reason":"')),
    ).toHaveLength(1);
    expect(chunks.at(-1)).toMatchObject({ usage: { prompt_tokens: 20 } });
    expect(asked[1]?.messages.at(-1)?.content).toContain('80 degrees');
  });

  test('a skill, and again in a next answer that comes in one piece, hides that too', async () => {
    const call = {
      id: 'x',
      type: 'function',
      function: { name: 'activate_skill', arguments: '{"name":"no"}' },
    };
    const { asked, chunks, message } = await answer(
      streamOf([...takeTea(0), ...end('tool_calls')]),
      wholeOf({ tool_calls: [call] }, 'tool_calls'),
      wholeOf({ content: 'Hot.' }),
    );
    expect(message?.content).toBe('Hot.');
    expect(JSON.stringify(chunks)).not.toContain('activate_skill');
    expect(asked).toHaveLength(3);
  });
});

describe('a model that calls skills whatever it is told', () => {
  test('gets an end, in a stream', async () => {
    const rounds = Array.from({ length: 10 }, () => streamOf([...takeTea(0), ...end('tool_calls')]));
    const { asked, message, reason } = await answer(...rounds);
    expect(asked).toHaveLength(6);
    expect(message).not.toHaveProperty('tool_calls');
    expect(reason).toBe('stop');
  });

  test('gets an end, in one piece', async () => {
    const call = {
      id: 'x',
      type: 'function',
      function: { name: 'activate_skill', arguments: '{"name":"tea"}' },
    };
    const { asked, message, reason } = await answer(wholeOf({ tool_calls: [call] }, 'tool_calls'));
    expect(asked).toHaveLength(6);
    expect(message).not.toHaveProperty('tool_calls');
    expect(reason).toBe('stop');
  });
});
