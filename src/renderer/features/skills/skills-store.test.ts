import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SaveResult, SkillDocument, SkillSummary } from '../../../shared/skills/skills-contract.ts';
import type { RpcClient } from '../../rpc/client.ts';
import { unsavedStore } from '../../shell/unsaved-store.ts';
import { isDirty } from './skill-documents.ts';
import { SkillsStore } from './skills-store.ts';

const TEXT = '---\nname: tone\ndescription: How to sound.\n---\n\nBe kind.\n';

function createFakeDisk(initial = TEXT) {
  let text = initial;
  let count = 1;
  const document = (): SkillDocument => ({ id: 'tone', text, version: `v${count}`, diagnostics: [] });
  const skills = {
    read: vi.fn(async (): Promise<SkillDocument> => document()),
    save: vi.fn(async (input: { text: string; baseVersion: string | null }): Promise<SaveResult> => {
      if (input.baseVersion !== null && input.baseVersion !== `v${count}`)
        return { kind: 'conflict', current: document() };
      text = input.text;
      count += 1;
      return {
        kind: 'saved',
        version: `v${count}`,
        diagnostics: [],
        live: { kind: 'live', generation: 7, elapsedMs: 12 },
      };
    }),
    remove: vi.fn(async () => ({})),
  };
  return {
    skills,
    /** Somebody else writes the file. */
    write: (next: string) => {
      text = next;
      count += 1;
    },
    snapshot: (gone = false) => ({
      seq: count,
      gateway: { kind: 'not_running' as const },
      skills: gone ? [] : [{ ...summaryOf(document()) }],
    }),
    // Only the calls that these tests make are there.
    client: { skills } as unknown as RpcClient,
  };
}

function summaryOf({ id, version }: SkillDocument): SkillSummary {
  return { id, name: id, description: '', bytes: 1, version, modifiedAt: 0, diagnostics: [], live: 'live' };
}

async function openTone() {
  const disk = createFakeDisk();
  const skills = new SkillsStore(disk.client);
  await skills.select('tone');
  const tone = () => {
    const skill = skills.store.getState().open.tone;
    if (skill === undefined) throw new Error('tone is not open');
    return skill;
  };
  return { disk, skills, tone };
}

describe('SkillsStore', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('saves with the version it was based on and keeps the proof', async () => {
    const { disk, skills, tone } = await openTone();
    skills.edit('tone', `${TEXT}More.\n`);
    expect(isDirty(tone())).toBe(true);
    expect(unsavedStore.getState().keys.has('skill:tone')).toBe(true);
    await skills.save('tone');
    expect(disk.skills.save).toHaveBeenCalledWith({ id: 'tone', text: `${TEXT}More.\n`, baseVersion: 'v1' });
    expect(tone()).toMatchObject({ version: 'v2', save: { kind: 'saved', proof: { generation: 7 } } });
    expect(unsavedStore.getState().keys.has('skill:tone')).toBe(false);
  });

  it('stays dirty when the text changed while the save was on its way', async () => {
    const { skills, tone } = await openTone();
    skills.edit('tone', 'one');
    const saving = skills.save('tone');
    skills.edit('tone', 'two');
    await saving;
    expect(isDirty(tone())).toBe(true);
    expect(tone().savedText).toBe('one');
  });

  it('lets a clean editor follow a foreign change', async () => {
    const { disk, skills, tone } = await openTone();
    disk.write('theirs');
    await skills.applySnapshot(disk.snapshot());
    expect(tone()).toMatchObject({ text: 'theirs', version: 'v2', revision: 1 });
  });

  it('keeps unsaved text on a foreign change and overwrites only when told', async () => {
    const { disk, skills, tone } = await openTone();
    skills.edit('tone', 'mine');
    disk.write('theirs');
    await skills.applySnapshot(disk.snapshot());
    expect(tone()).toMatchObject({ text: 'mine', save: { kind: 'conflict', current: { text: 'theirs' } } });
    await skills.save('tone');
    expect(tone().save.kind).toBe('conflict');
    await skills.save('tone', { overwrite: true });
    expect(disk.skills.save).toHaveBeenLastCalledWith({ id: 'tone', text: 'mine', baseVersion: null });
    expect(tone().save.kind).toBe('saved');
  });

  it('keeps unsaved text when the file is deleted, and closes a clean one', async () => {
    const { disk, skills, tone } = await openTone();
    skills.edit('tone', 'mine');
    await skills.applySnapshot(disk.snapshot(true));
    expect(tone()).toMatchObject({ text: 'mine', save: { kind: 'deleted' } });
    skills.edit('tone', TEXT);
    await skills.applySnapshot(disk.snapshot(true));
    expect(skills.store.getState().open.tone).toBeUndefined();
  });

  it('keeps the text when the disk refuses it', async () => {
    const { disk, skills, tone } = await openTone();
    disk.skills.save.mockRejectedValueOnce(new Error('ENOSPC'));
    skills.edit('tone', 'mine');
    await skills.save('tone');
    expect(tone()).toMatchObject({ text: 'mine', save: { kind: 'failed', error: { code: 'internal' } } });
  });

  it('checks the text while it is typed', async () => {
    const { skills, tone } = await openTone();
    skills.edit('tone', '# no front matter');
    expect(tone().diagnostics).toEqual([]);
    vi.runAllTimers();
    expect(tone().diagnostics.map((found) => found.code)).toEqual(['skill.front_matter_missing']);
  });
});
