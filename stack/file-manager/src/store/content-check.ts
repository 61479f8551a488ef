import { parseSkill, SKILL_FILE_NAME, type SkillDiagnostic } from '@skilldeck/agent-skills';
import { FileManagerError } from '../errors.ts';
import type { FilePath } from './file-path.ts';

const GGUF_HEADER_BYTES = 8;
const GGUF_VERSIONS = new Set([1, 2, 3]);

/** Strict: refuses what is not UTF-8, and text with NUL in it, which is a binary file in disguise. Keeps a byte order mark. */
export function decodeText(bytes: Uint8Array, file: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FileManagerError('file.not_utf8', `${file} is not UTF-8 text.`, { cause, params: { file } });
  }
  if (text.includes('\0')) {
    throw new FileManagerError('file.not_utf8', `${file} is a binary file, not text.`, { params: { file } });
  }
  return text;
}

/** Refuses text that does not suit the name; what is merely unwise comes back as remarks. */
export function checkText(path: FilePath, text: string): readonly SkillDiagnostic[] {
  if (path.kind === 'json') {
    try {
      JSON.parse(text.replace(/^\uFEFF/, ''));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new FileManagerError('file.not_json', `${path.display} is not valid JSON: ${reason}.`, {
        cause,
        params: { file: path.display, reason },
      });
    }
  }
  return reviewText(path, text);
}

/** Remarks about a SKILL.md, from the parser the gateway uses; nothing for any other file. */
export function reviewText(path: FilePath, text: string): readonly SkillDiagnostic[] {
  if (path.area !== 'skills' || path.segments.length !== 2 || path.segments[1] !== SKILL_FILE_NAME) return [];
  return parseSkill(text, { directoryName: path.segments[0] ?? '', profile: 'strict' }).diagnostics;
}

/** Looks at the first bytes of a model file; `undefined` means: not enough bytes yet to tell. */
export function isGguf(head: Buffer): boolean | undefined {
  if (head.length < GGUF_HEADER_BYTES) return undefined;
  return head.toString('latin1', 0, 4) === 'GGUF' && GGUF_VERSIONS.has(head.readUInt32LE(4));
}
