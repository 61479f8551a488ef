import { createHash } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ReloadResultSchema } from '@skilldeck/agent-skills';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';

const skill = (body: string, name = 'tea'): string =>
  `---\nname: ${name}\ndescription: About ${name}.\n---\n${body}\n`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('skills', () => {
  let gateway: TestGateway;

  beforeEach(async () => {
    gateway = await startGateway();
    await gateway.writeSkill('tea', skill('one'));
    await gateway.gateway.skills.reload();
  });
  afterEach(() => gateway.close());

  const reload = async (expected?: object) => {
    const response = await gateway.app.inject({
      method: 'POST',
      url: '/admin/skills/reload',
      ...(expected === undefined ? {} : { payload: { expect: expected } }),
    });
    return ReloadResultSchema.parse(response.json());
  };
  const codes = (result: { diagnostics: readonly { code: string }[] }): string[] =>
    result.diagnostics.map(({ code }) => code);

  test('are live when the reload answers, under a new generation', async () => {
    const before = gateway.gateway.skills.snapshot.generation;
    const text = skill('two');
    await gateway.writeSkill('tea', text);
    const result = await reload({ name: 'tea', sha256: sha256(text) });
    expect(result.expected).toMatchObject({ live: true });
    expect(result.generation).toBe(before + 1);
  });

  test('keep their generation when nothing has changed', async () => {
    const first = await reload();
    expect((await reload()).generation).toBe(first.generation);
  });

  test('are seen without being told', async () => {
    await gateway.writeSkill('milk', skill('white', 'milk'));
    await vi.waitFor(
      () =>
        expect(gateway.gateway.skills.snapshot.skills.map(({ skill: { name } }) => name)).toEqual([
          'milk',
          'tea',
        ]),
      4000,
    );
  });

  test.each([
    ['without front matter', 'hello', 'skill.front_matter_missing'],
    ['with a wrong name', skill('x', 'coffee'), 'skill.name_not_directory'],
    ['that is not UTF-8', new Uint8Array([0x2d, 0xff, 0xfe, 0x41]), 'skill.not_utf8'],
    ['of 50 MB', new Uint8Array(50_000_000), 'skill.too_large'],
  ])('keep the last good version when a file %s takes its place', async (_case, text, code) => {
    const before = gateway.gateway.skills.snapshot;
    await gateway.writeSkill('tea', text);
    const result = await reload();
    expect(codes(result)).toEqual([code, 'skill.last_good_kept']);
    expect(result.generation).toBe(before.generation);
    expect(result.skills).toMatchObject([{ name: 'tea', state: 'last-good' }]);
    await gateway.writeSkill('tea', skill('three'));
    expect((await reload()).skills).toMatchObject([{ name: 'tea', state: 'live' }]);
  });

  test('do not follow links out of their folder', async () => {
    const outside = path.join(gateway.directory, 'outside.md');
    await writeFile(outside, skill('secret', 'leak'));
    await gateway.writeSkill('leak', '');
    await gateway.gateway.skills.reload();
    const { rm } = await import('node:fs/promises');
    await rm(path.join(gateway.directory, 'skills/leak/SKILL.md'));
    await symlink(outside, path.join(gateway.directory, 'skills/leak/SKILL.md'));
    const result = await reload();
    expect(codes(result)).toEqual(['skill.outside_root']);
    expect(result.skills.map(({ name }) => name)).toEqual(['tea']);
  });

  test('of a request stay those it began with', async () => {
    const pinned = gateway.gateway.skills.snapshot;
    await gateway.writeSkill('tea', skill('two'));
    await reload();
    expect(pinned.skills[0]?.skill.body).toBe('one');
  });
});
