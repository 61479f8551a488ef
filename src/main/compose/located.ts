import { AppError } from '../../shared/errors/app-error.ts';
import { inEnglish, type Phrase, phrase, verbatim } from '../../shared/errors/phrases/phrase.ts';

/** The path of a fault of a whole file. */
export const WHOLE_FILE = '(file)';

/** Where a value stands: for messages that name the place. */
export interface Place {
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** `services.web.ports[0]` */
  readonly path: string;
}

/** YAML with places: aliases resolved, merge keys applied, scalars as written. */
export type Located = LocatedMap | LocatedList | LocatedScalar;

export interface LocatedMap {
  readonly kind: 'map';
  readonly at: Place;
  readonly entries: ReadonlyMap<string, Located>;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly at: Place;
  readonly items: readonly Located[];
}

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly at: Place;
  readonly value: string | number | boolean | null;
  /** As written, without quotes. */
  readonly text: string;
}

/** A fault of the files: what was expected at a place and what stands there. */
export function invalid(at: Place, expected: Phrase, found: Phrase, hint?: string): AppError {
  return new AppError(
    'compose.invalid',
    `${at.file}:${at.line}:${at.column}: ${at.path}: expected ${inEnglish(expected)}, found ${inEnglish(found)}.`,
    {
      ...(hint === undefined ? {} : { hint }),
      params: {
        file: at.file,
        line: at.line,
        column: at.column,
        path: at.path === WHOLE_FILE ? phrase('whole_file') : at.path,
        expected,
        found,
      },
    },
  );
}

export function unknownKey(at: Place, key: string, known: readonly string[]): AppError {
  const expected = phrase('either_of', { values: known.join(', ') });
  return new AppError(
    'compose.unknown_key',
    `${at.file}:${at.line}:${at.column}: ${at.path}: Skilldeck does not know the key "${key}".`,
    {
      hint: 'Remove the key, or start this project with docker compose.',
      params: { file: at.file, line: at.line, column: at.column, path: at.path, expected, found: key },
    },
  );
}

export function describeFound(node: Located): Phrase {
  if (node.kind === 'map') return phrase('map');
  if (node.kind === 'list') return phrase('list');
  return node.value === null ? phrase('nothing') : verbatim(JSON.stringify(node.text.slice(0, 80)));
}
