import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';

const LOOK_MS = 25;
/** 5 s: who holds a lock does so for milliseconds. */
const STALE_LOOKS = 200;

/** Waits until the next look. */
export type Pause = () => Promise<void>;

const pauseBriefly: Pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_MS));

/**
 * Works alone: among all processes that see the same folder, only one at a time has the lock beside `path`.
 *
 * A lock that many looks in a row find unchanged is of a process that died. Looks are counted rather than time: clocks of
 * several machines differ, and one that slept has not let anybody work meanwhile.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  pause: Pause = pauseBriefly,
): Promise<T> {
  const lock = `${path}.lock`;
  const me = randomUUID();
  let seen: string | undefined;
  let looks = 0;
  while (!(await take(lock, me))) {
    const holder = await holderOf(lock);
    looks = holder === seen ? looks + 1 : 0;
    seen = holder;
    if (holder !== undefined && looks >= STALE_LOOKS) await takeAway(lock, holder, me);
    else await pause();
  }
  try {
    return await work();
  } finally {
    if ((await holderOf(lock)) === me) await rm(lock, { force: true });
  }
}

async function take(lock: string, me: string): Promise<boolean> {
  try {
    await writeFile(lock, me, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** undefined: nobody any more. */
async function holderOf(lock: string): Promise<string | undefined> {
  try {
    return await readFile(lock, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Two may find the same lock stale; the slower one must not remove what the quicker one has taken since. */
async function takeAway(lock: string, holder: string, me: string): Promise<void> {
  const aside = `${lock}.${me}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await holderOf(aside)) !== holder) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
