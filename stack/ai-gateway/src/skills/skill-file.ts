import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import {
  parseSkill,
  SKILL_FILE_NAME,
  SKILL_LIMITS,
  type Skill,
  type SkillSnapshotDiagnostic,
} from '@skilldeck/agent-skills';

/** What reading one skill folder gave. `stamp` says whether it must be read again. */
export interface SkillFileReading {
  readonly directory: string;
  readonly stamp: string;
  readonly kind: 'ok' | 'broken' | 'absent';
  readonly sha256: string;
  readonly bytes: number;
  readonly skill?: Skill;
  readonly diagnostics: readonly SkillSnapshotDiagnostic[];
}

/** Reads one skill of the root, or returns `previous` when the file has not been touched since. Never throws. */
export async function readSkillFile(
  root: string,
  directory: string,
  previous: SkillFileReading | undefined,
): Promise<SkillFileReading> {
  const file = path.join(root, directory, SKILL_FILE_NAME);
  let handle: FileHandle | undefined;
  try {
    const real = await realpath(file);
    if (!real.startsWith(root + path.sep)) {
      await lstat(file);
      return broken(
        directory,
        'outside',
        'skill.outside_root',
        'The file is a link that leads out of the skills folder; copy it instead.',
      );
    }
    handle = await open(real, 'r');
    const stat = await handle.stat({ bigint: true });
    const stamp = `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
    if (previous?.stamp === stamp) return previous;
    if (!stat.isFile())
      return broken(directory, stamp, 'skill.not_a_file', `${SKILL_FILE_NAME} is not a file.`);
    if (stat.size > SKILL_LIMITS.fileBytes) return tooLarge(directory, stamp, Number(stat.size));
    // One byte more than the limit shows a file that grew since it was measured.
    const buffer = Buffer.alloc(SKILL_LIMITS.fileBytes + 1);
    const length = await readFully(handle, buffer);
    if (length > SKILL_LIMITS.fileBytes) return tooLarge(directory, stamp, length);
    return parseBytes(directory, stamp, buffer.subarray(0, length));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return { directory, stamp: '', kind: 'absent', sha256: '', bytes: 0, diagnostics: [] };
    }
    return broken(
      directory,
      '',
      'skill.unreadable',
      `The file cannot be read (${code}). Check its permissions.`,
      { reason: code },
    );
  } finally {
    await handle?.close();
  }
}

async function readFully(handle: FileHandle, buffer: Buffer): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

function parseBytes(directory: string, stamp: string, bytes: Buffer): SkillFileReading {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The decoder only says that it failed; the file as a whole is the place.
    const message = 'The file is not UTF-8 text. Save it as UTF-8.';
    return { ...broken(directory, stamp, 'skill.not_utf8', message), sha256, bytes: bytes.length };
  }
  const parsed = parseSkill(text, { directoryName: directory, profile: 'lenient' });
  const diagnostics = parsed.diagnostics.map((diagnostic) => ({
    ...diagnostic,
    directory,
    params: { ...diagnostic.params },
  }));
  const common = { directory, stamp, sha256, bytes: bytes.length, diagnostics };
  return parsed.kind === 'ok'
    ? { ...common, kind: 'ok', skill: parsed.skill }
    : { ...common, kind: 'broken' };
}

function tooLarge(directory: string, stamp: string, bytes: number): SkillFileReading {
  const limit = SKILL_LIMITS.fileBytes;
  const message = `The file has ${bytes} bytes; at most ${limit} are read. Move material into files beside it.`;
  return { ...broken(directory, stamp, 'skill.too_large', message, { bytes, limit }), bytes };
}

function broken(
  directory: string,
  stamp: string,
  code: string,
  message: string,
  params: Record<string, string | number> = {},
): SkillFileReading {
  const diagnostic = { directory, code, severity: 'error', message, params, line: 1, column: 1 } as const;
  return { directory, stamp, kind: 'broken', sha256: '', bytes: 0, diagnostics: [diagnostic] };
}
