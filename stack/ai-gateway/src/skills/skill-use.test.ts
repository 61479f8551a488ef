import { type SkillDryRun, SkillDryRunSchema, SkillHistorySchema } from '@skilldeck/agent-skills';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SkillStage, skillText } from './testing/skill-stage.ts';

describe('skills of a running gateway', () => {
  let stage: SkillStage;
  beforeAll(async () => {
    stage = await SkillStage.open();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.clear());

  test('a name after a slash chooses the skill and is taken out of the words', async () => {
    expect((await stage.chat('/coffee for two, please')).skills).toBe('coffee');
    expect(stage.messages().at(-1)?.content).toBe('for two, please');
    expect(stage.messages()[0]?.content).toContain('Grind them fresh.');
    await stage.chat('/unknown words');
    expect(stage.messages(1).at(-1)?.content).toBe('/unknown words');
    await stage.chat('/coffee', { skills: 'none' });
    expect(stage.messages(2).at(-1)?.content).toBe('/coffee');
  });

  test('a dry run tells what would be applied, why, and what it costs', async () => {
    const dryRun = async (text: string): Promise<SkillDryRun> =>
      SkillDryRunSchema.parse(await (await stage.post('/admin/skills/dry-run', { text })).json());
    const matched = await dryRun('brew green tea');
    expect(matched.applied).toMatchObject([{ name: 'tea', cause: 'matched' }]);
    expect(matched.applied[0]?.terms).toContain('tea');
    expect(matched.applied[0]?.score).toBeGreaterThan(2);
    expect(matched.system).toContain('80 degrees');
    expect(matched.systemTokens).toBeGreaterThan(20);
    expect((await dryRun('/tea')).applied).toMatchObject([{ name: 'tea', cause: 'slash' }]);
    const none = await dryRun('grind the pepper');
    expect([none.applied, none.near.map(({ name }) => name)]).toEqual([[], ['coffee']]);
    expect((await stage.post('/admin/skills/dry-run', { words: 1 })).status).toBe(400);
  });

  test('a conversation keeps the skills that it began with', async () => {
    await stage.chat('brew green tea', { conversation: 'c-1' });
    await stage.gateway.writeSkill(
      'tea',
      skillText('tea', 'How to brew green tea.', 'Use water of 70 degrees.'),
    );
    await stage.gateway.gateway.skills.reload();
    await stage.chat('brew green tea', { conversation: 'c-1' });
    await stage.chat('brew green tea', { conversation: 'c-2' });
    expect(stage.messages(1)[0]?.content).toContain('80 degrees');
    expect(stage.messages(2)[0]?.content).toContain('70 degrees');
  });

  test('a former generation can be used again, until it is released', async () => {
    const history = async () =>
      SkillHistorySchema.parse(await (await fetch(`${stage.gateway.url}/admin/skills/history`)).json());
    const before = await history();
    expect(before.generations[0]).toMatchObject({ changed: ['tea'], conversations: 1 });
    const [latest, older] = before.generations;
    const held = SkillHistorySchema.parse(
      await (await stage.post('/admin/skills/rollback', { generation: older?.generation })).json(),
    );
    expect(held).toMatchObject({ held: { of: older?.generation }, live: (latest?.generation ?? 0) + 1 });
    await stage.chat('brew green tea');
    expect(stage.messages()[0]?.content).toContain('80 degrees');
    // An edit waits.
    await stage.gateway.writeSkill(
      'tea',
      skillText('tea', 'How to brew green tea.', 'Use water of 60 degrees.'),
    );
    await stage.gateway.gateway.skills.reload();
    await stage.chat('brew green tea');
    expect(stage.messages(1)[0]?.content).toContain('80 degrees');
    await stage.post('/admin/skills/release', {});
    await stage.chat('brew green tea');
    expect(stage.messages(2)[0]?.content).toContain('60 degrees');
    const after = await history();
    expect(after.held).toBeUndefined();
    expect(after.live).toBe(held.live + 1);
    expect((await stage.post('/admin/skills/rollback', { generation: 9999 })).status).toBe(404);
  });
});
