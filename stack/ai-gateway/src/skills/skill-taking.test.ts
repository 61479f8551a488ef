import { mkdir, writeFile } from 'node:fs/promises';
import { SkillDryRunSchema } from '@skilldeck/agent-skills';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SkillStage, textMessage, toolMessage } from './testing/skill-stage.ts';

describe('skills by the choice of a model', () => {
  let stage: SkillStage;
  beforeAll(async () => {
    stage = await SkillStage.open();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.clear());

  test('the model takes them by itself where it is known to be able to', async () => {
    const offered = async (...backends: object[]) => {
      stage.asked = [];
      await stage.configure({}, backends);
      await stage.chat('brew green tea');
      return stage.asked[0]?.tools !== undefined;
    };
    expect(await offered(stage.stub)).toBe(false);
    const [backend] = stage.gateway.gateway.pool.backends;
    expect(await offered({ ...stage.stub, tools: true })).toBe(true);
    expect(stage.gateway.gateway.pool.backends[0]).toBe(backend);
    const dry = await (await stage.post('/admin/skills/dry-run', { text: 'tea' })).json();
    expect(SkillDryRunSchema.parse(dry).byTool).toBe(true);
    await stage.configure({});
  });

  describe('where only the first of two models is able to take them', () => {
    beforeAll(() =>
      stage.configure({}, [
        { ...stage.stub, model: 'able', tools: true },
        { ...stage.stub, name: 'other', model: 'plain', priority: 1 },
      ]),
    );
    afterAll(() => stage.configure({}));
    const offered = (index: number) => stage.asked[index]?.tools !== undefined;

    test.each([false, true])(
      'the other gets those that match when the first fails (stream: %s)',
      async (stream) => {
        stage.failing = 'able';
        const { text } = await stage.chat('brew green tea', { stream });
        expect(stage.asked.map(({ model }) => model)).toEqual(['able', 'plain']);
        expect([offered(0), offered(1)]).toEqual([true, false]);
        expect(stage.messages(0)[0]?.content).toContain('call activate_skill');
        expect(stage.messages(1)[0]?.content).not.toContain('call activate_skill');
        expect(stage.messages(1)[0]?.content).toContain('80 degrees');
        expect(text).toContain('"skills":["tea"]');
      },
    );

    test('the other goes on with what the first has taken', async () => {
      stage.answers = [
        () => {
          stage.failing = 'able';
          return toolMessage(['activate_skill', { name: 'coffee' }]);
        },
      ];
      const { text } = await stage.chat('brew green tea');
      expect(stage.asked.map(({ model }) => model)).toEqual(['able', 'able', 'plain']);
      expect(offered(2)).toBe(false);
      expect(stage.messages(2).at(-1)?.content).toContain('Grind them fresh.');
      expect(text).toContain('"skills":["coffee"]');
    });

    test('a request for the other one gets those that match', async () => {
      expect((await stage.chat('brew green tea', { model: 'other' })).skills).toBe('tea');
      expect(offered(0)).toBe(false);
    });
  });

  describe('taken by the model', () => {
    beforeAll(() => stage.configure({ activation: 'tool' }));
    afterAll(() => stage.configure({}));

    const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } };

    test.each([false, true])('by a tool call that the caller never sees (stream: %s)', async (stream) => {
      stage.answers = [
        () => toolMessage(['activate_skill', { name: 'coffee' }]),
        () => textMessage('Ground.'),
      ];
      const { text } = await stage.chat('a cup', { stream, stream_options: { include_usage: true } });
      expect(text).toContain('Ground.');
      expect(text).not.toContain('activate_skill');
      expect(text).toContain('"skills":["coffee"]');
      expect(text).toContain('"prompt_tokens":20');
      expect(stage.messages(1).at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_0' });
      expect(stage.messages(1).at(-1)?.content).toContain('Grind them fresh.');
      expect(stage.gateway.gateway.queue.inFlight).toBe(0);
    });

    test.each([
      ['several choices', { n: 2 }],
      ['an answer in a format', { response_format: { type: 'json_object' } }],
    ])('but not where %s is stage.asked for: skills are matched then', async (_what, fields) => {
      const { skills } = await stage.chat('brew green tea', fields);
      expect(skills).toBe('tea');
      expect(stage.asked).toHaveLength(1);
      expect(stage.asked[0]?.tools).toBeUndefined();
      expect(stage.messages()[0]?.content).toContain('80 degrees');
    });

    test("besides the caller's own tools, which it gets", async () => {
      stage.answers = [() => toolMessage(['activate_skill', { name: 'tea' }], ['weather', { city: 'Rome' }])];
      const { text } = await stage.chat('a cup', { tools: [weather] });
      expect(text).toContain('weather');
      expect(text).not.toContain('activate_skill');
      const tools = (stage.asked[0]?.tools ?? []) as { function: { name: string } }[];
      const names = tools.map((one) => one.function.name);
      expect(names).toEqual(['weather', 'activate_skill', 'read_skill_file']);
    });

    test('with the files of their generation, also after an edit and after a way back', async () => {
      const file = 'references/times.md';
      const write = async (text: string): Promise<void> => {
        await mkdir(`${stage.gateway.directory}/skills/tea/references`, { recursive: true });
        await writeFile(`${stage.gateway.directory}/skills/tea/${file}`, text);
        await stage.gateway.gateway.skills.reload();
      };
      const readBy = async (more: object): Promise<string | undefined> => {
        stage.asked = [];
        stage.answers = [() => toolMessage(['read_skill_file', { skill: 'tea', path: file }])];
        await stage.chat('a cup', more);
        return stage.messages(1).at(-1)?.content;
      };
      await write('three minutes');
      const before = stage.gateway.gateway.skills.snapshot.generation;
      expect(await readBy({ conversation: 'files' })).toBe('three minutes');
      await write('four minutes');
      expect(stage.gateway.gateway.skills.snapshot.generation).toBe(before + 1);
      expect(stage.gateway.gateway.skills.history.list[0]?.changed).toEqual(['tea']);
      expect(await readBy({})).toBe('four minutes');
      expect(await readBy({ conversation: 'files' })).toBe('three minutes');
      await stage.post('/admin/skills/rollback', { generation: before });
      expect(await readBy({})).toBe('three minutes');
      await stage.post('/admin/skills/release', {});
      expect(await readBy({})).toBe('four minutes');
    });

    test('with what is wrong told to the model, and an end to its tries', async () => {
      const again = () =>
        toolMessage(['activate_skill', { name: 'no' }], ['read_skill_file', { skill: 'tea', path: '../x' }]);
      stage.answers = Array.from({ length: 5 }, () => again);
      const { text } = await stage.chat('a cup');
      expect(text).toContain('done');
      expect(
        stage
          .messages(1)
          .slice(-2)
          .map(({ content }) => content),
      ).toEqual(['Error: there is no skill "no".', 'Error: There is no such file.']);
      expect(stage.asked).toHaveLength(6);
      expect(stage.asked.at(-1)?.tools).toBeUndefined();
    });
  });
});
