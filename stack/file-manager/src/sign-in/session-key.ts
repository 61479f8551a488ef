import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const KEY_BYTES = 32;

/** The key that signs sessions: kept in `stateDir`, so that a restart signs nobody out, else made anew. */
export async function loadSessionKey(
  stateDir: string | undefined,
  warn: (message: string, error: unknown) => void,
): Promise<Buffer> {
  const fresh = randomBytes(KEY_BYTES);
  if (stateDir === undefined) return fresh;
  const file = path.join(stateDir, 'session.key');
  try {
    await writeFile(file, fresh, { flag: 'wx', mode: 0o600 });
    return fresh;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      warn('The session key could not be kept; a restart will sign everyone out.', error);
      return fresh;
    }
  }
  const kept = await readFile(file);
  if (kept.length === KEY_BYTES) return kept;
  // A power cut between creating and filling the file.
  await writeFile(file, fresh, { mode: 0o600 });
  return fresh;
}
