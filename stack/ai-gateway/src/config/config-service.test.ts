import { EventEmitter } from 'node:events';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigService, loadConfig } from './config-service.ts';

/** As on a bind mount of another system, where file events get lost. */
const deaf = () => Object.assign(new EventEmitter(), { close: async () => undefined });

describe('the configuration where file events get lost', () => {
  let directory: string;
  let file: string;
  let service: ConfigService;
  let seen: number[];
  let problems: string[];

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'gateway-config-'));
    file = path.join(directory, 'config.json');
    await writeFile(file, '{"maxConcurrent": 3}');
    const options = { path: file, variables: {}, workingDirectory: directory, watchFiles: deaf };
    const loaded = await loadConfig(options);
    if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.problems));
    service = new ConfigService(options, loaded);
    seen = [];
    problems = [];
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    service.watch(
      ({ maxConcurrent }) => seen.push(maxConcurrent),
      (problem) => problems.push(problem),
    );
  });
  afterEach(async () => {
    vi.useRealTimers();
    await service.dispose();
    await rm(directory, { recursive: true, force: true });
  });

  /** What has begun in this second is waited for, and nothing that would begin later. */
  const second = async (isDone: () => void) => {
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    await vi.waitFor(isDone);
  };

  test('is taken over within a second of its change', async () => {
    await writeFile(file, '{"maxConcurrent": 4}');
    await second(() => expect(seen).toEqual([4]));
    expect(service.config.maxConcurrent).toBe(4);
  });

  test('is refused within a second, and stays what it was', async () => {
    await writeFile(file, '{"maxConcurrent": 0}');
    await second(() => expect(problems).toHaveLength(1));
    expect(service.config.maxConcurrent).toBe(3);
  });

  test('is read only when it was written', async () => {
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(file, longAgo, longAgo);
    expect([await service.look(), await service.look()]).toEqual(['read', 'same']);
    await writeFile(file, '{"maxConcurrent": 5}');
    // Just written: another write might look the same.
    expect([await service.look(), await service.look()]).toEqual(['read', 'read']);
    expect(seen).toEqual([5]);
  });
});
