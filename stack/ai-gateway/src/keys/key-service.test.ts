import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KeyListSchema, type KeySettings, KeySettingsSchema } from '@skilldeck/agent-skills';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from '../observability/logger.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { KeyService, type KeyServiceOptions } from './key-service.ts';

const settings = (more: object = {}): KeySettings => KeySettingsSchema.parse({ name: 'script', ...more });

let directory: string;
let file: string;
let clock: ManualClock;
const services: KeyService[] = [];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'keys-test-'));
  file = path.join(directory, 'config', 'keys.json');
  clock = new ManualClock();
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.dispose();
  await rm(directory, { recursive: true, force: true });
});

/** A gateway's keys. It looks at the file when it is told to, or when it must. */
const start = async (options: Partial<KeyServiceOptions> = {}): Promise<KeyService> => {
  const service = new KeyService({
    path: file,
    logger: createLogger('silent'),
    after: (ms, run) => clock.after(ms, run),
    pollMs: 3_600_000,
    ...options,
  });
  services.push(service);
  await service.open();
  return service;
};
const admit = (service: KeyService, secret: string) => {
  const principal = service.find(secret);
  if (principal === undefined) throw new Error('The key is not known.');
  return service.admit(principal, 0);
};
const use = (service: KeyService, secret: string, prompt: number, completion = 0) =>
  admit(service, secret)?.settle({ prompt, completion });
const usageOf = (service: KeyService, id: string) => service.list().keys.find((key) => key.id === id)?.usage;
const textOfFile = () => readFile(file, 'utf8').catch(() => '');
const saved = async (service: KeyService, what: RegExp) => {
  clock.turn(5000);
  await vi.waitFor(async () => expect(await textOfFile()).toMatch(what));
  await service.refresh();
};

describe('the use of a key', () => {
  test('that is settled after the last save is there after a restart', async () => {
    const service = await start();
    const { key, secret } = await service.create(settings());
    const ticket = admit(service, secret);
    await saved(service, /"requests": 1/);
    ticket?.settle({ prompt: 30, completion: 12 });
    await service.dispose();
    expect(usageOf(await start(), key.id)).toMatchObject({ promptTokens: 30, completionTokens: 12 });
  });

  test('that is settled after the last save is saved without another request', async () => {
    const service = await start();
    const { secret } = await service.create(settings());
    const ticket = admit(service, secret);
    await saved(service, /"requests": 1/);
    ticket?.settle({ prompt: 30, completion: 12 });
    await saved(service, /"promptTokens": 30/);
  });

  test('that could not be written is written the next time', async () => {
    const service = await start();
    const { key, secret } = await service.create(settings());
    const text = await textOfFile();
    await rm(file);
    await mkdir(file);
    use(service, secret, 7);
    await service.dispose();
    await rm(file, { recursive: true });
    await writeFile(file, text);
    await service.dispose();
    expect(usageOf(await start(), key.id)).toMatchObject({ requests: 1, promptTokens: 7 });
  });

  test('stays counted when its key is changed or gets another secret, and so does what is under way', async () => {
    const service = await start();
    const { key, secret } = await service.create(settings({ limits: { concurrent: 1 } }));
    const ticket = admit(service, secret);
    await service.update(key.id, settings({ name: 'other', limits: { concurrent: 1, tokensPerDay: 40 } }));
    expect(() => admit(service, secret)).toThrow(/1 requests under way/);
    const next = await service.rotate(key.id);
    expect(() => admit(service, next.secret)).toThrow(/1 requests under way/);
    ticket?.settle({ prompt: 30, completion: 12 });
    expect(usageOf(service, key.id)).toMatchObject({ requests: 1, tokensToday: 42 });
    expect(() => admit(service, next.secret)).toThrow(/of today/);
  });

  test('of this minute stays used when the limit is another one', async () => {
    const service = await start({ now: () => 0 });
    const { key, secret } = await service.create(settings({ limits: { requestsPerMinute: 2 } }));
    for (const _ of [1, 2]) use(service, secret, 1);
    await service.update(key.id, settings({ name: 'other', limits: { requestsPerMinute: 2 } }));
    expect(() => admit(service, secret)).toThrow(/2 requests a minute/);
    await service.update(key.id, settings({ limits: { requestsPerMinute: 3 } }));
    use(service, secret, 1);
    expect(() => admit(service, secret)).toThrow(/3 requests a minute/);
  });
});

describe('gateways over the same file of keys', () => {
  test('know the keys that the other makes, and lose none when they save', async () => {
    const [one, other] = [await start(), await start()];
    const first = await one.create(settings());
    const { key, secret } = await other.create(settings({ name: 'new' }));
    use(one, first.secret, 1);
    await one.dispose();
    expect((await start()).find(secret)?.id).toBe(key.id);
    await one.refresh();
    expect(one.find(secret)?.id).toBe(key.id);
  });

  test('refuse what the other has removed, switched off or given another secret', async () => {
    const [one, other] = [await start(), await start()];
    const [a, b, c] = [
      await one.create(settings()),
      await one.create(settings()),
      await one.create(settings()),
    ];
    await other.remove(a.key.id);
    await other.update(b.key.id, settings({ disabled: true }));
    const { secret } = await other.rotate(c.key.id);
    await one.refresh();
    expect(one.find(a.secret)).toBeUndefined();
    expect(() => one.find(b.secret)).toThrow(/switched off/);
    expect(one.find(c.secret)).toBeUndefined();
    expect(one.find(secret)?.id).toBe(c.key.id);
  });

  test('do not bring back what the other has removed', async () => {
    const [one, other] = [await start(), await start()];
    const { key, secret } = await one.create(settings());
    await other.refresh();
    use(one, secret, 5);
    await other.remove(key.id);
    await one.dispose();
    expect((await start()).list().keys).toEqual([]);
  });

  test('add up what each of them has counted, and hold the key to its budget together', async () => {
    const [one, other] = [await start(), await start()];
    const { key, secret } = await one.create(settings({ limits: { tokensPerDay: 100 } }));
    await other.refresh();
    use(one, secret, 40, 2);
    use(other, secret, 60, 3);
    await one.dispose();
    await other.dispose();
    await one.refresh();
    const sum = {
      requests: 2,
      promptTokens: 100,
      completionTokens: 5,
      tokensToday: 105,
      tokensThisMonth: 105,
    };
    for (const service of [one, other, await start()]) expect(usageOf(service, key.id)).toMatchObject(sum);
    expect(() => admit(one, secret)).toThrow(/of today/);
  });

  test('change at the same time without losing anything', async () => {
    const both = [await start(), await start()];
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (both[index % 2] as KeyService).create(settings({ name: `k${index}` })),
      ),
    );
    const ids = (await start()).list().keys.map(({ id }) => id);
    expect(ids.sort()).toEqual(made.map(({ key }) => key.id).sort());
    expect(await readdir(path.dirname(file))).toEqual(['keys.json']);
  });

  test('take over from one that died while it wrote', async () => {
    const one = await start();
    const { secret } = await one.create(settings());
    await writeFile(`${file}.lock`, 'of the dead');
    await writeFile(`${file}.123456`, '{ "version": 1, "keys": [');
    const other = await start({
      lockTimes: { pause: () => Promise.resolve(), every: () => () => undefined },
    });
    await other.create(settings());
    await one.refresh();
    expect(one.list().keys).toHaveLength(2);
    expect(one.find(secret)).toBeDefined();
  });

  test('notice by themselves what the other does', async () => {
    const one = await start({ pollMs: 10 });
    const other = await start();
    const { key, secret } = await other.create(settings());
    await vi.waitFor(() => expect(one.find(secret)?.id).toBe(key.id));
    await other.remove(key.id);
    await vi.waitFor(() => expect(one.find(secret)).toBeUndefined());
  });
});

describe('a key of a version that let keys administer', () => {
  test('keeps what else it may do, and opens the admin interface to nobody', async () => {
    const first = await start();
    const [one, other] = [await first.create(settings()), await first.create(settings())];
    const { keys, ...rest } = JSON.parse(await textOfFile()) as { keys: object[] };
    const scopes = [['inference', 'admin', 'metrics'], ['admin']];
    const before = keys.map((key, index) => ({ ...key, scopes: scopes[index] }));
    await writeFile(file, JSON.stringify({ ...rest, keys: before }));
    const service = await start();
    expect([...(service.find(one.secret)?.scopes ?? [])]).toEqual(['inference']);
    expect([...(service.find(other.secret)?.scopes ?? [])]).toEqual([]);
    expect(KeyListSchema.parse(service.list()).error).toBeUndefined();
  });
});

describe('a file of keys that somebody else spoils while it is in use', () => {
  test('leaves the last good keys in use, is never overwritten, and counts again once it is repaired', async () => {
    const service = await start();
    const { secret } = await service.create(settings());
    const good = await textOfFile();
    await writeFile(file, '{ "version": 1, "keys": [ {');
    await service.refresh();
    expect(service.list().error).toMatch(/not JSON/);
    use(service, secret, 1);
    await expect(service.create(settings())).rejects.toThrow(/not JSON/);
    expect(await textOfFile()).toBe('{ "version": 1, "keys": [ {');
    await writeFile(file, good.replace('"disabled": false', '"disabled": true'));
    await service.refresh();
    expect(service.list().error).toBeUndefined();
    expect(() => service.find(secret)).toThrow(/switched off/);
  });

  test('opens the gateway to nobody when it is gone', async () => {
    const service = await start();
    const { secret } = await service.create(settings());
    await rm(file);
    await service.refresh();
    expect(service.isEmpty).toBe(false);
    expect(service.find(secret)).toBeDefined();
    await service.create(settings());
    expect((await start()).list().keys).toHaveLength(2);
  });
});
