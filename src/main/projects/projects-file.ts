import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { diskFault } from '../workspace/disk-fault.ts';

export const MAX_OPENED = 50;

const openedProjectSchema = z.object({
  /** Absolute. */
  directory: z.string().min(1),
  /** Absolute; absent: those that the folder has. */
  files: z.array(z.string().min(1)).min(1).optional(),
  /** Only where it is not the one that the files give. */
  projectName: z.string().optional(),
  /** As last read from the files: shown before they are read again. */
  name: z.string(),
});
/** A compose folder that the person opened. */
export type OpenedProject = z.output<typeof openedProjectSchema>;

const fileSchema = z.object({ projects: z.array(openedProjectSchema).max(MAX_OPENED) });

/** What was opened the last time; a damaged file is as good as none. */
export async function readOpenedProjects(file: string): Promise<readonly OpenedProject[]> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).projects;
  } catch {
    return [];
  }
}

export async function writeOpenedProjects(file: string, projects: readonly OpenedProject[]): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomic(file, JSON.stringify({ projects }, null, 2), { mode: 0o600 });
  } catch (error) {
    throw diskFault(error, file);
  }
}
