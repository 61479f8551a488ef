import { type Document, isMap, LineCounter, parseAllDocuments } from 'yaml';
import { phrase, verbatim } from '../../shared/errors/phrases/phrase.ts';
import { describeFound, invalid, type LocatedMap, type Place, WHOLE_FILE } from './located.ts';
import { YamlReader } from './tree/yaml-reader.ts';
import { describeYamlError } from './yaml-fault.ts';

const MAX_CHARS = 1024 * 1024;
const MAX_DEPTH = 64;
const MAX_DOCUMENTS = 100;

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A document of a compose file. */
export interface YamlDocument {
  readonly root: LocatedMap;
  /** Keys of what `!reset` and `!override` take out of the documents before this one. */
  readonly resets: readonly (readonly string[])[];
}

/** Reads one compose file of one document; an empty one is an empty map. */
export function parseYaml(file: SourceFile): LocatedMap {
  const [first] = parseDocuments(file);
  return first?.root ?? { kind: 'map', at: startOf(file), entries: new Map() };
}

/** Reads the documents of a compose file; empty ones are left out. */
export function parseDocuments(file: SourceFile): readonly YamlDocument[] {
  const start = startOf(file);
  if (file.text.length > MAX_CHARS)
    throw invalid(start, phrase('at_most_characters', { count: MAX_CHARS }), verbatim(`${file.text.length}`));
  const lines = new LineCounter();
  const documents = parsed(file, start, lines);
  if (documents.length > MAX_DOCUMENTS)
    throw invalid(
      start,
      phrase('at_most_documents', { count: MAX_DOCUMENTS }),
      verbatim(`${documents.length}`),
    );
  const budget = { nodes: 0 };
  return documents.flatMap((document) => {
    const error = document.errors[0];
    if (error !== undefined) {
      const position = lines.linePos(error.pos[0]);
      throw invalid(
        { ...start, line: Math.max(1, position.line), column: Math.max(1, position.col) },
        phrase('valid_yaml'),
        describeYamlError(error),
      );
    }
    const reader = new YamlReader(file.path, lines, budget);
    const root = document.contents === null ? undefined : reader.read(document.contents);
    if (root === undefined || (root.kind === 'scalar' && root.value === null)) return [];
    if (root.kind !== 'map' || !isMap(document.contents))
      throw invalid({ ...root.at, path: WHOLE_FILE }, phrase('map_with_services'), describeFound(root));
    return [{ root, resets: reader.resets }];
  });
}

function startOf(file: SourceFile): Place {
  return { file: file.path, line: 1, column: 1, path: WHOLE_FILE };
}

function parsed(file: SourceFile, start: Place, lines: LineCounter): readonly Document[] {
  try {
    const documents = parseAllDocuments(file.text, {
      lineCounter: lines,
      prettyErrors: false,
      // What scalars mean, keys that stand twice and merge keys are the reader's business: it does as go-yaml does.
      schema: 'failsafe',
      uniqueKeys: false,
      logLevel: 'silent',
    });
    return Array.isArray(documents) ? documents : [];
  } catch (error) {
    // The parser recurses: a file of ten thousand brackets ends its stack.
    if (error instanceof RangeError)
      throw invalid(start, phrase('at_most_levels', { count: MAX_DEPTH }), phrase('deeper_nesting'));
    throw error;
  }
}
