import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KeyScopeSchema, KeyUsageSchema, KeyViewSchema } from '@skilldeck/agent-skills';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

const StoredKeySchema = z.object({
  ...KeyViewSchema.shape,
  /** Earlier versions had more of them. */
  scopes: z
    .array(z.string())
    .transform((names) => KeyScopeSchema.options.filter((scope) => names.includes(scope))),
  /** SHA-256 of the key in hexadecimal: 256 random bits need no slow hash. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  usage: z.object({
    ...KeyUsageSchema.shape,
    /** The UTC day and month that the counts of tokens are of. */
    day: z.string(),
    month: z.string(),
  }),
});
const KeyFileSchema = z.object({ version: z.literal(1), keys: z.array(StoredKeySchema).max(10_000) });

export type StoredKey = z.infer<typeof StoredKeySchema>;

export type KeyFileReading =
  | { readonly kind: 'ok'; readonly keys: readonly StoredKey[] }
  | { readonly kind: 'absent' }
  /** It says what it should not, until it is written anew. */
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A file that is of no use is an answer, not a fault. */
export async function readKeyFile(path: string): Promise<KeyFileReading> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return code === 'ENOENT'
      ? { kind: 'absent' }
      : { kind: 'unreadable', reason: `The file of keys cannot be read (${code}).` };
  }
  try {
    const parsed = KeyFileSchema.safeParse(JSON.parse(text));
    if (parsed.success) return { kind: 'ok', keys: parsed.data.keys };
    const place = parsed.error.issues[0]?.path.join('.') ?? '';
    return { kind: 'broken', reason: `The file of keys is not as it should be at "${place}".` };
  } catch {
    return { kind: 'broken', reason: 'The file of keys is not JSON.' };
  }
}

/** Another text whenever the file was written anew; undefined when there is none to be seen. */
export async function markOf(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats && `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
}

export async function prepareKeyFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
}

/** As a whole or not at all, whenever the power fails. */
export async function writeKeyFile(path: string, keys: readonly StoredKey[]): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`, { mode: 0o600 });
}
