import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import ignore from '@balena/dockerignore';
import { type Header, type Pack, pack } from 'tar-stream';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Build } from '../../compose/project.ts';
import { canonicalJson } from '../../plan/canonical-json.ts';

const MAX_ENTRIES = 50_000;
const MAX_BYTES = 2 * 1024 ** 3;
/** Always the same, so that equal contents give equal bytes and the builder's cache holds. */
const EPOCH = new Date(0);

interface ContextEntry {
  /** Relative to the context, with slashes. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly size: number;
  readonly target?: string;
}

/** What the engine would be sent, in a stable order, `.dockerignore` respected. */
export async function listBuildContext(build: Build): Promise<readonly ContextEntry[]> {
  const isIncluded = await createFilter(build);
  const entries: ContextEntry[] = [];
  let bytes = 0;
  const visit = async (folder: string): Promise<void> => {
    const names = await readdir(join(build.context, folder)).catch((error: unknown) => {
      throw unreadable(build, error);
    });
    for (const name of names.sort()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const stats = await lstat(join(build.context, path));
      const mode = stats.mode & 0o111 ? 0o755 : 0o644;
      if (stats.isDirectory()) {
        const included = isIncluded(path);
        // An exception below an ignored folder (`!dir/file`) brings the file back, so only then look inside.
        if (!included && !isIncluded.hasExceptions) continue;
        if (included) entries.push({ path, type: 'directory', mode: 0o755, size: 0 });
        await visit(path);
      } else if (isIncluded(path)) {
        if (stats.isSymbolicLink())
          entries.push({
            path,
            type: 'symlink',
            mode,
            size: 0,
            target: await readlink(join(build.context, path)),
          });
        else if (stats.isFile()) entries.push({ path, type: 'file', mode, size: stats.size });
        bytes += stats.size;
      }
      if (entries.length > MAX_ENTRIES || bytes > MAX_BYTES) throw tooLarge(build);
    }
  };
  await visit('');
  return entries;
}

/**
 * A hash over everything that decides what a build produces: files, Dockerfile, arguments, target, labels.
 * Kept on the image as a label; a different one means that the image is to be built again.
 */
export async function hashBuildContext(build: Build): Promise<string> {
  const { dockerfile, args, target, labels } = build;
  const hash = createHash('sha256');
  hash.update(canonicalJson({ dockerfile, args, target, labels }));
  for (const entry of await listBuildContext(build)) {
    hash.update(
      `\n${JSON.stringify([entry.path, entry.type, entry.mode, entry.target ?? '', entry.size])}\n`,
    );
    if (entry.type === 'file')
      await pipeline(
        createReadStream(join(build.context, entry.path)),
        async (chunks: AsyncIterable<Buffer>) => {
          for await (const chunk of chunks) hash.update(chunk);
        },
      );
  }
  return hash.digest('hex');
}

/** The context as a tar stream; a fault while reading destroys it. */
export async function packBuildContext(build: Build): Promise<Readable> {
  const entries = await listBuildContext(build);
  const tar = pack();
  writeEntries(tar, build, entries).then(
    () => tar.finalize(),
    (error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return tar as unknown as Readable;
}

async function writeEntries(tar: Pack, build: Build, entries: readonly ContextEntry[]): Promise<void> {
  for (const { path, type, mode, size, target } of entries) {
    const header: Partial<Header> & { name: string } = {
      name: path,
      type,
      mode,
      size,
      mtime: EPOCH,
      uid: 0,
      gid: 0,
    };
    if (target !== undefined) header.linkname = target;
    if (type === 'file' && size > 0) {
      const entry = tar.entry(header);
      // A file that grew since it was listed must not run over its place in the archive.
      await pipeline(createReadStream(join(build.context, path), { end: size - 1 }), entry);
    } else
      await new Promise<void>((resolve, reject) =>
        tar.entry(header, '', (error) => (error ? reject(error) : resolve())),
      );
  }
}

interface ContextFilter {
  (path: string): boolean;
  readonly hasExceptions: boolean;
}

async function createFilter(build: Build): Promise<ContextFilter> {
  const dockerfile = build.dockerfile.replaceAll('\\', '/').replace(/^\.\//, '');
  const text =
    (await readOptional(join(build.context, `${dockerfile}.dockerignore`))) ??
    (await readOptional(join(build.context, '.dockerignore'))) ??
    '';
  const accepts = ignore({ ignorecase: false }).add(text).createFilter();
  const needed = new Set([dockerfile, '.dockerignore']);
  const filter = (path: string) => needed.has(path) || accepts(path);
  const hasExceptions = /^\s*!/m.test(text) || dockerfile.includes('/');
  return Object.assign(filter, { hasExceptions });
}

async function readOptional(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function unreadable(build: Build, cause: unknown): AppError {
  return new AppError('image.build_failed', `The build folder ${build.context} cannot be read.`, {
    params: { image: '', service: '', reason: cause instanceof Error ? cause.message : String(cause) },
    cause,
  });
}

function tooLarge(build: Build): AppError {
  return new AppError(
    'image.build_failed',
    `The build folder ${build.context} is too large (more than 2 GiB or ${MAX_ENTRIES} files).`,
    {
      hint: 'List what the build does not need in a .dockerignore file.',
      params: { image: '', service: '', reason: 'too large' },
    },
  );
}
