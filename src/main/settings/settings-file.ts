import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type Settings, settingsSchema } from '../../shared/settings/settings-contract.ts';
import { diskFault } from '../workspace/disk-fault.ts';

export interface StoredSettings {
  readonly settings: Settings;
  /** Keys of other versions, written back as they were. */
  readonly unknown: Readonly<Record<string, unknown>>;
}

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});

/**
 * Reads what it can: a value that is not allowed falls back to its default, keys that are not known are kept.
 *
 * Returns nothing for a text that is no JSON object.
 */
export function parseSettings(text: string): StoredSettings | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const known: Record<string, unknown> = {};
  const unknown: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    const schema = (settingsSchema.shape as Record<string, (typeof settingsSchema.shape)[keyof Settings]>)[
      key
    ];
    if (schema === undefined) unknown[key] = value;
    else if (schema.safeParse(value).success) known[key] = value;
  }
  return { settings: settingsSchema.parse(known), unknown };
}

/** A file that cannot be understood is set aside, never overwritten. */
export async function readSettings(
  file: string,
  now: () => number,
): Promise<StoredSettings & { readonly setAside?: string }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return { settings: DEFAULT_SETTINGS, unknown: {} };
  }
  const stored = parseSettings(text);
  if (stored !== undefined) return stored;
  const setAside = `${file}.broken-${now()}`;
  await rename(file, setAside);
  return { settings: DEFAULT_SETTINGS, unknown: {}, setAside };
}

export async function writeSettings(file: string, stored: StoredSettings): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFileAtomic(file, `${JSON.stringify({ ...stored.unknown, ...stored.settings }, null, 2)}\n`);
  } catch (error) {
    throw diskFault(error, file);
  }
}
