import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { asideName, type FileHashes, planBundleSync } from './bundle-sync.ts';

/** What of the bundle becomes the workspace's own copy. */
const PARTS = ['compose.yaml', 'README.md', '.env.example', 'ai-gateway', 'file-manager', 'reverse-proxy'];
/** A checkout has more in it than a release: sources and dependencies are no part of an image. */
const SKIPPED = new Set(['node_modules', 'src', 'test', 'coverage', '.cache', 'tsconfig.json']);
const MAX_DEPTH = 12;

const manifestSchema = z.object({ files: z.record(z.string(), z.string()) });

export interface SyncResult {
  /** Files of the bundle that a person had edited: where the edited text is now. */
  readonly savedAside: readonly string[];
}

/** Copies the bundle's files into the workspace; see bundle-sync.ts for what happens to edited ones. */
export async function syncBundle(bundleDir: string, directory: string, now: Date): Promise<SyncResult> {
  const manifestPath = join(directory, '.skilldeck', 'bundle.json');
  const bundle = await hashTree(bundleDir, await listParts(bundleDir));
  const manifest = await readManifest(manifestPath);
  const paths = [...new Set([...Object.keys(bundle), ...Object.keys(manifest)])];
  const actions = planBundleSync(bundle, await hashTree(directory, paths), manifest);
  const savedAside: string[] = [];
  for (const action of actions) {
    const target = join(directory, action.path);
    if (action.kind === 'remove') {
      await rm(target, { force: true });
      continue;
    }
    if (action.kind === 'save-aside-and-copy') {
      const aside = asideName(target, now);
      await rename(target, aside);
      savedAside.push(aside);
    }
    await copyInto(join(bundleDir, action.path), target);
  }
  // Also without an action: after an interrupted upgrade the files are there and only the record is behind.
  if (JSON.stringify(manifest) !== JSON.stringify(bundle))
    await writeFileAtomic(manifestPath, `${JSON.stringify({ files: bundle }, null, 2)}\n`);
  return { savedAside };
}

/** Copies a file or a folder; what is there already stays. */
export async function copyMissing(source: string, target: string): Promise<void> {
  for (const path of await listFiles(source, '', 0)) {
    const to = path === '' ? target : join(target, path);
    if (!(await exists(to))) await copyInto(path === '' ? source : join(source, path), to);
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

async function copyInto(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  // Never onto the final name: a full disk must not leave half a file that looks like an edit.
  const temporary = `${target}.skilldeck-new`;
  try {
    await copyFile(source, temporary);
    // A packaged bundle may be read-only; the workspace's copy has to stay replaceable.
    await chmod(temporary, ((await stat(source)).mode & 0o777) | 0o644);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function listParts(bundleDir: string): Promise<readonly string[]> {
  const lists = await Promise.all(PARTS.map((part) => listFiles(bundleDir, part, 0)));
  return lists.flat();
}

/** Relative paths of the files below `path`; itself when it is a file, nothing when it does not exist. */
async function listFiles(root: string, path: string, depth: number): Promise<readonly string[]> {
  const full = join(root, path);
  if (!(await exists(full))) return [];
  if (!(await stat(full)).isDirectory()) return [path];
  if (depth > MAX_DEPTH) return [];
  const names = (await readdir(full)).filter((name) => !SKIPPED.has(name) && !name.endsWith('.tsbuildinfo'));
  const nested = await Promise.all(
    names.sort().map((name) => listFiles(root, path === '' ? name : `${path}/${name}`, depth + 1)),
  );
  return nested.flat();
}

async function hashTree(root: string, paths: readonly string[]): Promise<FileHashes> {
  const hashes = await Promise.all(
    paths.map(async (path): Promise<[string, string][]> => {
      try {
        return [
          [
            path,
            createHash('sha256')
              .update(await readFile(join(root, path)))
              .digest('hex'),
          ],
        ];
      } catch (error) {
        // Absent here is an answer; anything else is not.
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
        throw error;
      }
    }),
  );
  return Object.fromEntries(hashes.flat());
}

async function readManifest(path: string): Promise<FileHashes> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8'))).files;
  } catch {
    // First run, or a damaged record: files that differ are then treated as edited, which loses nothing.
    return {};
  }
}
