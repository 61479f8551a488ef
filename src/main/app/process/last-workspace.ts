import { readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

const schema = z.object({ directory: z.string().min(1) });

/** The folder of the last time, or nothing. */
export function readLastWorkspace(file: string): string | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8'))).directory;
  } catch {
    return undefined;
  }
}

export async function rememberWorkspace(file: string, directory: string): Promise<void> {
  await writeFileAtomic(file, JSON.stringify({ directory }));
}
