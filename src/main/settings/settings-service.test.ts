import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../lifetime/logger.ts';
import { parseSettings } from './settings-file.ts';
import { SettingsService } from './settings-service.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'skilldeck-settings-'));
});
afterEach(() => rm(directory, { recursive: true }));

const open = () =>
  SettingsService.open({
    file: path.join(directory, 'settings.json'),
    workspace: '/home/mara/Skilldeck',
    systemLanguage: 'zh',
    keychainAvailable: () => true,
    logger: silentLogger,
    now: () => 42,
  });

describe('SettingsService', () => {
  it('starts with the defaults and the language of the system', async () => {
    const service = await open();
    expect(service.settings).toMatchObject({ engine: 'auto', theme: 'system', autoStartSandbox: true });
    expect(service.language).toBe('zh');
  });

  it('keeps what was changed, and keys of other versions', async () => {
    await writeFile(path.join(directory, 'settings.json'), '{"theme":"dark","fromTomorrow":[1]}');
    const service = await open();
    await service.update({ language: 'en', theme: undefined });
    expect(JSON.parse(await readFile(path.join(directory, 'settings.json'), 'utf8'))).toMatchObject({
      language: 'en',
      theme: 'dark',
      fromTomorrow: [1],
    });
  });

  it('sets a damaged file aside and goes on with the defaults', async () => {
    await writeFile(path.join(directory, 'settings.json'), '{"theme":');
    expect((await open()).settings.theme).toBe('system');
    expect(await readdir(directory)).toEqual(['settings.json.broken-42']);
  });

  it('tells listeners and subscribers of a change', async () => {
    const service = await open();
    const heard: string[] = [];
    service.onDidChange((settings) => heard.push(settings.engine));
    const snapshots = service.subscribe();
    await snapshots.next();
    await service.update({ engine: 'sandbox' });
    expect((await snapshots.next()).value).toMatchObject({ settings: { engine: 'sandbox' } });
    expect(heard).toEqual(['sandbox']);
  });
});

describe('parseSettings', () => {
  it('replaces a value that is not allowed by its default and keeps the others', () => {
    expect(parseSettings('{"theme":"pink","language":"en"}')?.settings).toMatchObject({
      theme: 'system',
      language: 'en',
    });
  });
});
