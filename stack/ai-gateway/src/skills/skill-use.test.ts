import { mkdir, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { type SkillDryRun, SkillDryRunSchema, SkillHistorySchema } from '@skilldeck/agent-skills';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../json.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from '../testing/start-upstream-stub.ts';

const skill = (name: string, description: string, body: string) =>
  `---\nname: ${name}\ndescription: ${description}\n---\n${body}\n`;

describe('skills of a running gateway', () => {
  let upstream: UpstreamStub;
  let gateway: TestGateway;
  /** What the upstream was asked, in order. */
  let asked: JsonObject[] = [];
  /** The model that fails. */
  let failing: string | undefined;
  let answers: ((body: JsonObject) => JsonObject)[] = [];

  const textMessage = (content: string) => ({
    message: { role: 'assistant', content },
    finish_reason: 'stop',
  });
  const toolMessage = (...calls: [name: string, args: object][]) => ({
    message: {
      role: 'assistant',
      content: null,
      tool_calls: calls.map(([name, args], index) => ({
        id: `call_${index}`,
        type: 'function',
        function: { name, arguments: JSON.stringify(args) },
      })),
    },
    finish_reason: 'tool_calls',
  });

  beforeAll(async () => {
    upstream = await startUpstreamStub();
    gateway = await startGateway(
      {},
      { backends: [{ name: 'stub', kind: 'openai', baseUrl: upstream.url }], cache: { policy: 'off' } },
    );
    upstream.handle = (request, response) => {
      void readBody(request).then((body) => {
        asked.push(body);
        if (body.model === failing) {
          response.writeHead(500).end();
          return;
        }
        const choice = answers.shift()?.(body) ?? textMessage('done');
        const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
        const head = { id: 'c', created: 1, model: 'stub' };
        if (body.stream !== true) {
          const whole = { ...head, object: 'chat.completion', choices: [{ index: 0, ...choice }], usage };
          response.setHeader('content-type', 'application/json').end(JSON.stringify(whole));
          return;
        }
        const { message, finish_reason: reason } = choice as { message: JsonObject; finish_reason: string };
        const calls = message.tool_calls as JsonObject[] | undefined;
        const delta =
          calls === undefined ? message : { tool_calls: calls.map((call, index) => ({ index, ...call })) };
        response.setHeader('content-type', 'text/event-stream');
        for (const part of [
          { choices: [{ index: 0, delta, finish_reason: null }] },
          { choices: [{ index: 0, delta: {}, finish_reason: reason }] },
          { choices: [], usage },
        ])
          response.write(
            `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...part })}\n\n`,
          );
        response.end('data: [DONE]\n\n');
      });
    };
    await gateway.writeSkill('tea', skill('tea', 'How to brew green tea.', 'Use water of 80 degrees.'));
    await gateway.writeSkill('coffee', skill('coffee', 'How to grind coffee beans.', 'Grind them fresh.'));
    await gateway.gateway.skills.reload();
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  beforeEach(() => {
    asked = [];
    answers = [];
    failing = undefined;
  });

  const post = (path: string, body: object) =>
    fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const chat = async (content: string, more: object = {}) => {
    const response = await post('/v1/chat/completions', { messages: [{ role: 'user', content }], ...more });
    return { skills: response.headers.get('x-skilldeck-skills'), text: await response.text() };
  };
  const stub = () => ({ name: 'stub', kind: 'openai', baseUrl: upstream.url });
  const configure = async (skills: object, backends: readonly object[] = [stub()]): Promise<void> => {
    const config = { backends, cache: { policy: 'off' }, skills };
    await writeFile(`${gateway.directory}/config.json`, JSON.stringify(config));
    await gateway.gateway.config.reload();
  };
  const messages = (index = 0) => asked[index]?.messages as { role: string; content: string }[];

  test('a name after a slash chooses the skill and is taken out of the words', async () => {
    expect((await chat('/coffee for two, please')).skills).toBe('coffee');
    expect(messages().at(-1)?.content).toBe('for two, please');
    expect(messages()[0]?.content).toContain('Grind them fresh.');
    await chat('/unknown words');
    expect(messages(1).at(-1)?.content).toBe('/unknown words');
    await chat('/coffee', { skills: 'none' });
    expect(messages(2).at(-1)?.content).toBe('/coffee');
  });

  test('a dry run tells what would be applied, why, and what it costs', async () => {
    const dryRun = async (text: string): Promise<SkillDryRun> =>
      SkillDryRunSchema.parse(await (await post('/admin/skills/dry-run', { text })).json());
    const matched = await dryRun('brew green tea');
    expect(matched.applied).toMatchObject([{ name: 'tea', cause: 'matched' }]);
    expect(matched.applied[0]?.terms).toContain('tea');
    expect(matched.applied[0]?.score).toBeGreaterThan(2);
    expect(matched.system).toContain('80 degrees');
    expect(matched.systemTokens).toBeGreaterThan(20);
    expect((await dryRun('/tea')).applied).toMatchObject([{ name: 'tea', cause: 'slash' }]);
    const none = await dryRun('grind the pepper');
    expect([none.applied, none.near.map(({ name }) => name)]).toEqual([[], ['coffee']]);
    expect((await post('/admin/skills/dry-run', { words: 1 })).status).toBe(400);
  });

  test('a conversation keeps the skills that it began with', async () => {
    await chat('brew green tea', { conversation: 'c-1' });
    await gateway.writeSkill('tea', skill('tea', 'How to brew green tea.', 'Use water of 70 degrees.'));
    await gateway.gateway.skills.reload();
    await chat('brew green tea', { conversation: 'c-1' });
    await chat('brew green tea', { conversation: 'c-2' });
    expect(messages(1)[0]?.content).toContain('80 degrees');
    expect(messages(2)[0]?.content).toContain('70 degrees');
  });

  test('a former generation can be used again, until it is released', async () => {
    const history = async () =>
      SkillHistorySchema.parse(await (await fetch(`${gateway.url}/admin/skills/history`)).json());
    const before = await history();
    expect(before.generations[0]).toMatchObject({ changed: ['tea'], conversations: 1 });
    const [latest, older] = before.generations;
    const held = SkillHistorySchema.parse(
      await (await post('/admin/skills/rollback', { generation: older?.generation })).json(),
    );
    expect(held).toMatchObject({ held: { of: older?.generation }, live: (latest?.generation ?? 0) + 1 });
    await chat('brew green tea');
    expect(messages()[0]?.content).toContain('80 degrees');
    // An edit waits.
    await gateway.writeSkill('tea', skill('tea', 'How to brew green tea.', 'Use water of 60 degrees.'));
    await gateway.gateway.skills.reload();
    await chat('brew green tea');
    expect(messages(1)[0]?.content).toContain('80 degrees');
    await post('/admin/skills/release', {});
    await chat('brew green tea');
    expect(messages(2)[0]?.content).toContain('60 degrees');
    const after = await history();
    expect(after.held).toBeUndefined();
    expect(after.live).toBe(held.live + 1);
    expect((await post('/admin/skills/rollback', { generation: 9999 })).status).toBe(404);
  });

  test('the model takes them by itself where it is known to be able to', async () => {
    const offered = async (...backends: object[]) => {
      asked = [];
      await configure({}, backends);
      await chat('brew green tea');
      return asked[0]?.tools !== undefined;
    };
    expect(await offered(stub())).toBe(false);
    const [backend] = gateway.gateway.pool.backends;
    expect(await offered({ ...stub(), tools: true })).toBe(true);
    expect(gateway.gateway.pool.backends[0]).toBe(backend);
    const dry = await (await post('/admin/skills/dry-run', { text: 'tea' })).json();
    expect(SkillDryRunSchema.parse(dry).byTool).toBe(true);
    await configure({});
  });

  describe('where only the first of two models is able to take them', () => {
    beforeAll(() =>
      configure({}, [
        { ...stub(), model: 'able', tools: true },
        { ...stub(), name: 'other', model: 'plain', priority: 1 },
      ]),
    );
    afterAll(() => configure({}));
    const offered = (index: number) => asked[index]?.tools !== undefined;

    test.each([false, true])(
      'the other gets those that match when the first fails (stream: %s)',
      async (stream) => {
        failing = 'able';
        const { text } = await chat('brew green tea', { stream });
        expect(asked.map(({ model }) => model)).toEqual(['able', 'plain']);
        expect([offered(0), offered(1)]).toEqual([true, false]);
        expect(messages(0)[0]?.content).toContain('call activate_skill');
        expect(messages(1)[0]?.content).not.toContain('call activate_skill');
        expect(messages(1)[0]?.content).toContain('60 degrees');
        expect(text).toContain('"skills":["tea"]');
      },
    );

    test('the other goes on with what the first has taken', async () => {
      answers = [
        () => {
          failing = 'able';
          return toolMessage(['activate_skill', { name: 'coffee' }]);
        },
      ];
      const { text } = await chat('brew green tea');
      expect(asked.map(({ model }) => model)).toEqual(['able', 'able', 'plain']);
      expect(offered(2)).toBe(false);
      expect(messages(2).at(-1)?.content).toContain('Grind them fresh.');
      expect(text).toContain('"skills":["coffee"]');
    });

    test('a request for the other one gets those that match', async () => {
      expect((await chat('brew green tea', { model: 'other' })).skills).toBe('tea');
      expect(offered(0)).toBe(false);
    });
  });

  describe('taken by the model', () => {
    beforeAll(() => configure({ activation: 'tool' }));
    afterAll(() => configure({}));

    const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } };

    test.each([false, true])('by a tool call that the caller never sees (stream: %s)', async (stream) => {
      answers = [() => toolMessage(['activate_skill', { name: 'coffee' }]), () => textMessage('Ground.')];
      const { text } = await chat('a cup', { stream, stream_options: { include_usage: true } });
      expect(text).toContain('Ground.');
      expect(text).not.toContain('activate_skill');
      expect(text).toContain('"skills":["coffee"]');
      expect(text).toContain('"prompt_tokens":20');
      expect(messages(1).at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_0' });
      expect(messages(1).at(-1)?.content).toContain('Grind them fresh.');
      expect(gateway.gateway.queue.inFlight).toBe(0);
    });

    test.each([
      ['several choices', { n: 2 }],
      ['an answer in a format', { response_format: { type: 'json_object' } }],
    ])('but not where %s is asked for: skills are matched then', async (_what, fields) => {
      const { skills } = await chat('brew green tea', fields);
      expect(skills).toBe('tea');
      expect(asked).toHaveLength(1);
      expect(asked[0]?.tools).toBeUndefined();
      expect(messages()[0]?.content).toContain('60 degrees');
    });

    test("besides the caller's own tools, which it gets", async () => {
      answers = [() => toolMessage(['activate_skill', { name: 'tea' }], ['weather', { city: 'Rome' }])];
      const { text } = await chat('a cup', { tools: [weather] });
      expect(text).toContain('weather');
      expect(text).not.toContain('activate_skill');
      const tools = (asked[0]?.tools ?? []) as { function: { name: string } }[];
      const names = tools.map((one) => one.function.name);
      expect(names).toEqual(['weather', 'activate_skill', 'read_skill_file']);
    });

    test('with the files of their generation, also after an edit and after a way back', async () => {
      const file = 'references/times.md';
      const write = async (text: string): Promise<void> => {
        await mkdir(`${gateway.directory}/skills/tea/references`, { recursive: true });
        await writeFile(`${gateway.directory}/skills/tea/${file}`, text);
        await gateway.gateway.skills.reload();
      };
      const readBy = async (more: object): Promise<string | undefined> => {
        asked = [];
        answers = [() => toolMessage(['read_skill_file', { skill: 'tea', path: file }])];
        await chat('a cup', more);
        return messages(1).at(-1)?.content;
      };
      await write('three minutes');
      const before = gateway.gateway.skills.snapshot.generation;
      expect(await readBy({ conversation: 'files' })).toBe('three minutes');
      await write('four minutes');
      expect(gateway.gateway.skills.snapshot.generation).toBe(before + 1);
      expect(gateway.gateway.skills.history.list[0]?.changed).toEqual(['tea']);
      expect(await readBy({})).toBe('four minutes');
      expect(await readBy({ conversation: 'files' })).toBe('three minutes');
      await post('/admin/skills/rollback', { generation: before });
      expect(await readBy({})).toBe('three minutes');
      await post('/admin/skills/release', {});
      expect(await readBy({})).toBe('four minutes');
    });

    test('with what is wrong told to the model, and an end to its tries', async () => {
      const again = () =>
        toolMessage(['activate_skill', { name: 'no' }], ['read_skill_file', { skill: 'tea', path: '../x' }]);
      answers = Array.from({ length: 5 }, () => again);
      const { text } = await chat('a cup');
      expect(text).toContain('done');
      expect(
        messages(1)
          .slice(-2)
          .map(({ content }) => content),
      ).toEqual(['Error: there is no skill "no".', 'Error: There is no such file.']);
      expect(asked).toHaveLength(6);
      expect(asked.at(-1)?.tools).toBeUndefined();
    });
  });
});

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString()) as JsonObject;
}
