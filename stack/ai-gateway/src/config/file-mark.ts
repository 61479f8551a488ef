import { stat } from 'node:fs/promises';

/** Some file systems tell times only so exactly. */
const RECENT_MS = 3000;

/**
 * Another text whenever one of the files was written, made or removed; undefined while one was written so recently that another
 * write could look the same.
 */
export async function markOfFiles(paths: readonly string[]): Promise<string | undefined> {
  const all = await Promise.all(paths.map((path) => stat(path, { bigint: true }).catch(() => undefined)));
  const latest = Math.max(0, ...all.map((stats) => Number(stats?.mtimeMs ?? 0)));
  if (latest > Date.now() - RECENT_MS) return undefined;
  return all.map((stats) => stats && `${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.size}`).join();
}
