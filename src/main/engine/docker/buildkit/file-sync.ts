import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type FolderEntry, ignoreFilter, type WalkLimits, walkFolder } from './file-walk.ts';
import { resolveFollowPaths } from './follow-paths.ts';
import { GRPC_STATUS, type GrpcCall, GrpcError, type GrpcHandler } from './grpc-server.ts';
import { type ProtoFields, readProto, writeProto } from './protobuf.ts';

/** A folder that the builder may read, by the name that it asks for. */
export interface SyncSource {
  readonly entries: (wanted: WantedFiles) => AsyncIterable<FolderEntry>;
  readonly open: (path: string) => AsyncIterable<Buffer>;
}

export interface WantedFiles {
  /** Lines of a `.dockerignore`, read by the builder itself. */
  readonly exclude: readonly string[];
  /** Empty: all. */
  readonly follow: readonly string[];
}

/** Kinds of `fsutil.types.Packet`. */
const PACKET = { stat: 0, request: 1, data: 2, finish: 3, error: 4 } as const;
const CHUNK_BYTES = 32 * 1024;
/** Bits of Go's `os.FileMode`. */
const GO_MODE = { directory: 2 ** 31, symlink: 2 ** 27, setuid: 2 ** 23, setgid: 2 ** 22, sticky: 2 ** 20 };

/**
 * `moby.filesync.v1.FileSync`: sends a folder by difference. All entries are listed; the builder asks for the
 * contents of those that it does not have from an earlier build.
 */
export function fileSyncHandlers(sources: ReadonlyMap<string, SyncSource>): ReadonlyMap<string, GrpcHandler> {
  return new Map([
    [
      '/moby.filesync.v1.FileSync/DiffCopy',
      async (call) => {
        const name = call.header('dir-name')[0] ?? '';
        const source = sources.get(name);
        if (!source) throw new GrpcError(GRPC_STATUS.notFound, `no folder ${name} for this build`);
        const wanted = { exclude: listOf(call, 'exclude-patterns'), follow: listOf(call, 'followpaths') };
        await sendFolder(call, source, wanted);
      },
    ],
  ]);
}

async function sendFolder(call: GrpcCall, source: SyncSource, wanted: WantedFiles): Promise<void> {
  const files = new Map<number, string>();
  const listing = sendEntries(call, source, wanted, files);
  let sending: Promise<void> = Promise.resolve();
  const receiving = (async () => {
    for await (const bytes of call.messages) {
      const packet = readProto(bytes);
      const kind = packet.number(1);
      if (kind === PACKET.request) {
        const path = takeFile(files, packet);
        sending = sending.then(() => sendFile(call, source, packet.number(3), path));
        // Told when all is awaited; until then a failure is not unhandled.
        sending.catch(() => {});
      } else if (kind === PACKET.finish) {
        await sending;
        return call.send(writeProto([1, PACKET.finish]));
      } else if (kind === PACKET.error)
        throw new GrpcError(GRPC_STATUS.unknown, `the builder refused a file: ${packet.text(4)}`);
    }
  })();
  try {
    await Promise.all([listing, receiving]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await call.send(writeProto([1, PACKET.error], [4, reason])).catch(() => {});
    throw error;
  }
}

async function sendEntries(
  call: GrpcCall,
  source: SyncSource,
  wanted: WantedFiles,
  files: Map<number, string>,
): Promise<void> {
  let id = 0;
  for await (const entry of source.entries(wanted)) {
    if (entry.type === 'file') files.set(id, entry.path);
    id += 1;
    await call.send(writeProto([2, statOf(entry)]));
  }
  await call.send(writeProto());
}

function takeFile(files: Map<number, string>, packet: ProtoFields): string {
  const id = packet.number(3);
  const path = files.get(id);
  if (path === undefined) throw new GrpcError(GRPC_STATUS.unknown, `invalid file id ${id}`);
  files.delete(id);
  return path;
}

async function sendFile(call: GrpcCall, source: SyncSource, id: number, path: string): Promise<void> {
  for await (const chunk of source.open(path))
    for (let at = 0; at < chunk.length; at += CHUNK_BYTES)
      await call.send(writeProto([1, PACKET.data], [3, id], [4, chunk.subarray(at, at + CHUNK_BYTES)]));
  await call.send(writeProto([1, PACKET.data], [3, id]));
}

/** `fsutil.types.Stat`; as the Docker CLI, everything belongs to root. */
function statOf({ path, type, mode, size, modifiedNs, target }: FolderEntry): Buffer {
  return writeProto([1, path], [2, goMode(type, mode)], [5, size], [6, modifiedNs], [7, target]);
}

function goMode(type: FolderEntry['type'], mode: number): number {
  let bits = mode & 0o777;
  if (type === 'directory') bits += GO_MODE.directory;
  if (type === 'symlink') bits = 0o777 + GO_MODE.symlink;
  if (mode & 0o4000) bits += GO_MODE.setuid;
  if (mode & 0o2000) bits += GO_MODE.setgid;
  if (mode & 0o1000) bits += GO_MODE.sticky;
  return bits;
}

/** Values that are not ASCII come percent-encoded, and say so. */
function listOf(call: GrpcCall, name: string): readonly string[] {
  const values = call.header(name);
  if (call.header(`${name}-encoded`)[0] !== '1') return values;
  return values.map((value) => decodeURIComponent(value.replaceAll('+', ' ')));
}

/** A folder on disk. */
export function folderSource(root: string, limits: WalkLimits): SyncSource {
  return {
    entries: async function* ({ exclude, follow }) {
      const ignored = ignoreFilter(exclude);
      const followed = await resolveFollowPaths(root, follow);
      yield* walkFolder(
        root,
        followed
          ? {
              includes: (path) => followed.includes(path) && ignored.includes(path),
              looksInto: (path) => followed.includes(path) && ignored.looksInto(path),
            }
          : ignored,
        limits,
      );
    },
    open: (path) => createReadStream(join(root, path), { highWaterMark: 8 * CHUNK_BYTES }),
  };
}

/** Files that are nowhere on disk, all at the top. Always new: the builder compares times and sizes, not contents. */
export function memorySource(files: Readonly<Record<string, string>>): SyncSource {
  const modifiedNs = BigInt(Date.now()) * 1_000_000n;
  const contents = new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)] as const));
  return {
    entries: async function* () {
      for (const [path, { length }] of [...contents].sort(([a], [b]) => (a < b ? -1 : 1)))
        yield { path, type: 'file', mode: 0o644, size: length, modifiedNs };
    },
    open: async function* (path) {
      yield contents.get(path) ?? Buffer.alloc(0);
    },
  };
}
