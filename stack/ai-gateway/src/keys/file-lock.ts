import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, readFile, rename, rm } from 'node:fs/promises';
import { GatewayError } from '../gateway-error.ts';

export interface LockTimes {
  /** Waits until the next look at somebody else's lock. */
  readonly pause: () => Promise<void>;
  /** Runs it again and again until the answer is called. */
  readonly every: (ms: number, run: () => Promise<void>) => () => void;
}

const LOOK_MS = 25;
const BEAT_MS = 1000;
/** At least 5 s, in which a holder that lives has given several signs of it. */
const STALE_LOOKS = 200;
/** At least 30 s: a disk that does not answer must not hold up everything that waits for this. */
const MAX_LOOKS = 1200;

const SYSTEM_TIMES: LockTimes = {
  pause: () => new Promise((resolve) => setTimeout(resolve, LOOK_MS)),
  every: (ms, run) => {
    const timer = setInterval(() => void run(), ms);
    return () => clearInterval(timer);
  },
};

/**
 * Works alone: among all processes that see the same folder, only one at a time has the lock beside `path`.
 *
 * Its holder gives signs of life, so a lock that many looks in a row find unchanged is of a process that died. Looks are
 * counted rather than time: clocks of several machines differ, and one that slept has not let anybody work meanwhile.
 *
 * @throws GatewayError `keys_locked` when somebody else lives and does not let go
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  { every, pause }: LockTimes = SYSTEM_TIMES,
): Promise<T> {
  const lock = `${path}.lock`;
  const me = randomUUID();
  let held = await take(lock, me);
  let all = 0;
  for (let seen: string | undefined, looks = 0; held === undefined; held = await take(lock, me)) {
    all += 1;
    if (all > MAX_LOOKS) throw notLetGo(lock);
    const now = await textOf(lock);
    looks = now === seen ? looks + 1 : 0;
    seen = now;
    if (now !== undefined && looks >= STALE_LOOKS) await takeAway(lock, now, me);
    else await pause();
  }
  const handle = held;
  const stopBeating = every(BEAT_MS, async () => {
    await handle.write('.').catch(() => undefined);
  });
  try {
    return await work();
  } finally {
    stopBeating();
    await handle.close();
    if ((await textOf(lock))?.startsWith(me)) await rm(lock, { force: true });
  }
}

function notLetGo(lock: string): GatewayError {
  return new GatewayError('keys_locked', 'Another gateway is writing the keys and does not come to an end.', {
    hint: `Try again, or remove ${lock} when no other gateway uses this folder.`,
  });
}

/** undefined: somebody has it. */
async function take(lock: string, me: string): Promise<FileHandle | undefined> {
  const handle = await open(lock, 'wx', 0o600).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  });
  try {
    await handle?.write(me);
    return handle;
  } catch (error) {
    await handle?.close();
    await rm(lock, { force: true });
    throw error;
  }
}

/** undefined: there is none any more. */
async function textOf(lock: string): Promise<string | undefined> {
  try {
    return await readFile(lock, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Two may find the same lock stale; the slower one must not remove what the quicker one has taken since. */
async function takeAway(lock: string, stale: string, me: string): Promise<void> {
  const aside = `${lock}.${me}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await textOf(aside)) !== stale) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
