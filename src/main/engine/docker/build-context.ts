import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Header, type Pack, pack } from 'tar-stream';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type Phrase, phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { BuildInputs } from './build-inputs.ts';
import {
  type FolderEntry,
  FolderTooLarge,
  ignoreFilter,
  readOptional,
  type WalkLimits,
  walkFolder,
} from './buildkit/file-walk.ts';

export const CONTEXT_LIMITS: WalkLimits = { maxEntries: 200_000, maxBytes: 8 * 1024 ** 3 };
const MAX_DOCKERFILE_BYTES = 1024 * 1024;
/** Always the same, so that equal contents give equal bytes and the classic builder's cache holds. */
const EPOCH = new Date(0);

/** The instructions of a build, wherever they were: the builder is given the text. */
export interface Dockerfile {
  /** Base name, for messages. */
  readonly name: string;
  readonly text: string;
  /** Text of `<dockerfile>.dockerignore` beside it, which then counts instead of the context's. */
  readonly ignore?: string;
}

/** Undefined where only the engine can read it (URL contexts). */
export async function readDockerfile({
  dockerfile,
}: Pick<BuildInputs, 'dockerfile'>): Promise<Dockerfile | undefined> {
  if (dockerfile.kind === 'remote') return undefined;
  if (dockerfile.kind === 'inline') return { name: 'Dockerfile', text: dockerfile.text };
  const { path } = dockerfile;
  const text = await readSmallText(path);
  const ignore = await readOptional(join(dirname(path), `${basename(path)}.dockerignore`));
  return { name: basename(path), text, ...(ignore === undefined ? {} : { ignore }) };
}

async function readSmallText(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > MAX_DOCKERFILE_BYTES) throw new Error('it is larger than 1 MiB');
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(phrase('dockerfile_unreadable', { path }), error);
  }
}

/** What of a folder belongs to a build, in a stable order, `.dockerignore` respected. */
export async function* listContext(
  folder: string,
  ignore: string | undefined,
): AsyncGenerator<FolderEntry, void, void> {
  const filter = ignoreFilter(await effectiveIgnore(folder, ignore));
  try {
    yield* walkFolder(folder, filter, CONTEXT_LIMITS);
  } catch (error) {
    if (error instanceof FolderTooLarge) throw tooLarge(folder, error);
    throw unreadable(phrase('build_folder_unreadable', { path: folder }), error);
  }
}

export async function effectiveIgnore(folder: string, ignore: string | undefined): Promise<string> {
  return ignore ?? (await readOptional(join(folder, '.dockerignore'))) ?? '';
}

/**
 * A folder as a tar stream for the classic builder, with the Dockerfile under a name of its own that no `COPY` sees.
 * A fault while reading destroys the stream.
 */
export function packContext(folder: string, dockerfile: Dockerfile, dockerfileName: string): Readable {
  const tar = pack();
  const write = async () => {
    const ignore = await effectiveIgnore(folder, dockerfile.ignore);
    // The builder applies the list again; what only it needs must not end up in the image.
    await writeText(tar, '.dockerignore', `${ignore}\n${dockerfileName}\n.dockerignore\n`);
    await writeText(tar, dockerfileName, dockerfile.text);
    for await (const entry of listContext(folder, ignore))
      if (entry.path !== '.dockerignore') await writeEntry(tar, folder, entry);
    tar.finalize();
  };
  write().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  return tar as unknown as Readable;
}

async function writeEntry(tar: Pack, folder: string, entry: FolderEntry): Promise<void> {
  const { path, type, mode, size, target } = entry;
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
  if (type === 'file' && size > 0)
    // A file that grew since it was listed must not run over its place in the archive.
    await pipeline(createReadStream(join(folder, path), { end: size - 1 }), tar.entry(header));
  else
    await new Promise<void>((resolve, reject) =>
      tar.entry(header, '', (error) => (error ? reject(error) : resolve())),
    );
}

function writeText(tar: Pack, name: string, text: string): Promise<void> {
  return new Promise((resolve, reject) =>
    tar.entry({ name, mode: 0o644, mtime: EPOCH }, text, (error) => (error ? reject(error) : resolve())),
  );
}

function unreadable(what: Phrase, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('image.build_failed', what, {
    hint: 'Check the path in the compose file and the rights of the files.',
    params: { image: '', service: '', reason: cause instanceof Error ? cause.message : String(cause) },
    cause,
  });
}

function tooLarge(folder: string, { limits }: FolderTooLarge): AppError {
  const limit = phrase('folder_limit', { gib: limits.maxBytes / 1024 ** 3, files: limits.maxEntries });
  return new AppError('image.build_failed', phrase('build_folder_too_large', { path: folder, limit }), {
    hint: 'List what the build does not need in a .dockerignore file.',
    params: { image: '', service: '', reason: 'too large' },
  });
}
