import { FileManagerError } from '../errors.ts';

/** The folders under the root that people work in. */
export const AREAS = ['skills', 'config', 'models'] as const;
export type Area = (typeof AREAS)[number];

export type FileKind = 'markdown' | 'json' | 'gguf';

export interface FilePath {
  readonly area: Area;
  /** At least one; none empty, hidden, or of a special meaning on any system. */
  readonly segments: readonly string[];
  readonly kind: FileKind;
  /** With slashes, area first: what people and messages call the file. */
  readonly display: string;
}

export const MAX_DEPTH = 8;
const MAX_SEGMENT_BYTES = 200;
const MAX_PATH_CHARACTERS = 512;
/** Device names on Windows, whatever their extension: a file of such a name cannot be copied there. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** Control and formatting characters (also those that turn the reading direction) and what Windows forbids. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"|?*\\/]/u;

const KIND_BY_EXTENSION: Readonly<Record<string, FileKind>> = { md: 'markdown', json: 'json', gguf: 'gguf' };

export function isArea(value: string): value is Area {
  return (AREAS as readonly string[]).includes(value);
}

/** Why a single name cannot be used, or undefined when it can. */
export function refuseSegment(segment: string): string | undefined {
  if (segment === '') return 'a part of the path is empty';
  if (segment.startsWith('.')) return 'hidden names and ".." are not allowed';
  if (FORBIDDEN.test(segment)) return 'it contains a character that is not allowed in names';
  if (/[. ]$/.test(segment) || segment.startsWith(' '))
    return 'a name may not begin or end with a space or end with a dot';
  if (RESERVED.test(segment)) return 'the name is reserved on Windows';
  if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) return 'a name is too long';
  return undefined;
}

export function kindOfName(name: string, area: Area): FileKind | undefined {
  const dot = name.lastIndexOf('.');
  const kind = dot > 0 ? KIND_BY_EXTENSION[name.slice(dot + 1)] : undefined;
  return kind === 'gguf' && area !== 'models' ? undefined : kind;
}

/** Turns what a caller calls a file into checked segments. Nothing here touches the disk. */
export function parseFilePath(area: string, text: string): FilePath {
  if (!isArea(area)) {
    throw new FileManagerError('file.not_found', `There is no area "${area.slice(0, 40)}".`, {
      params: { file: area.slice(0, 40) },
    });
  }
  const refuse = (reason: string): never => {
    throw new FileManagerError('file.bad_path', `This path cannot be used: ${reason}.`, {
      params: { reason },
    });
  };
  if (text.length > MAX_PATH_CHARACTERS) refuse('it is too long');
  // One spelling of each name: macOS hands out decomposed characters, Linux keeps both apart.
  const segments = text.normalize('NFC').split('/');
  if (segments.length > MAX_DEPTH) refuse(`more than ${MAX_DEPTH} folders deep`);
  for (const segment of segments) {
    const reason = refuseSegment(segment);
    if (reason !== undefined) refuse(reason);
  }
  const name = segments.at(-1) ?? '';
  const kind = kindOfName(name, area);
  if (kind === undefined) {
    throw new FileManagerError('file.type_refused', `${name} is not a kind of file that ${area} takes.`, {
      params: { file: name, area },
    });
  }
  return { area, segments, kind, display: [area, ...segments].join('/') };
}
