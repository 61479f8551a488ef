import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type Phrase, phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import { invalid, type Place, WHOLE_FILE } from '../located.ts';
import { describeYamlError } from '../yaml-fault.ts';
import { type FileStyle, fileStyle } from './file-style.ts';

const MAX_CHARS = 1024 * 1024;
/** Files with a shared `x-…` block use one anchor in every service. */
const MAX_ALIASES = 10_000;

/** A compose file as text and as the nodes that stand in it; edits are splices of the text, never a rewrite. */
export interface EditDocument {
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly style: FileStyle;
}

/** @throws AppError `compose.invalid` for what is no YAML, `compose.unsupported` for several documents in one file. */
export function parseForEdit(text: string, file: string): EditDocument {
  const lines = new LineCounter();
  const start: Place = { file, line: 1, column: 1, path: WHOLE_FILE };
  if (text.length > MAX_CHARS)
    throw invalid(start, phrase('at_most_characters', { count: MAX_CHARS }), verbatim(`${text.length}`));
  const document = parsed(text, start, lines);
  const [error] = document.errors;
  if (error?.code === 'MULTIPLE_DOCS')
    throw refused(placeAt(file, lines, error.pos[0], WHOLE_FILE), phrase('edit_documents'));
  if (error !== undefined)
    throw invalid(
      placeAt(file, lines, error.pos[0], WHOLE_FILE),
      phrase('valid_yaml'),
      describeYamlError(error),
    );
  const root = document.contents;
  if (root !== null && !isMap(root) && !(isScalar(root) && root.value === null))
    throw invalid(start, phrase('map_with_services'), phrase('something_else'));
  return { file, text, document, lines, style: fileStyle(text, document) };
}

/** A change that is possible only by hand, and where. */
export function refuse(
  doc: EditDocument,
  node: Pick<Node, 'range'> | null | undefined,
  path: string,
  reason: Phrase,
): AppError {
  return refused(placeAt(doc.file, doc.lines, node?.range?.[0] ?? 0, path), reason);
}

export function wrongKind(
  doc: EditDocument,
  node: Node | null | undefined,
  path: string,
  expected: Phrase,
): AppError {
  return invalid(
    placeAt(doc.file, doc.lines, node?.range?.[0] ?? 0, path),
    expected,
    phrase('something_else'),
    'Mend the file by hand.',
  );
}

/** Line of the anchor that an alias means, for the message. */
export function anchorLine(doc: EditDocument, alias: Node): number | undefined {
  if (!isAlias(alias)) return undefined;
  let line: number | undefined;
  visit(doc.document, {
    Node: (_key, node) => {
      if (!isAlias(node) && node.anchor === alias.source && (node.range?.[0] ?? 0) < (alias.range?.[0] ?? 0))
        line = doc.lines.linePos(node.range?.[0] ?? 0).line;
    },
  });
  return line;
}

/** What the file says, as nested Maps; aliases and merges followed. */
export function dataOf(doc: EditDocument): unknown {
  return doc.document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES });
}

function parsed(text: string, start: Place, lines: LineCounter): Document {
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      keepSourceTokens: true,
      logLevel: 'error',
    });
    if (document.errors.length === 0) document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES });
    return document;
  } catch (error) {
    // Aliases without an anchor, or of a billion laughs; and brackets that end the parser's stack.
    throw invalid(
      start,
      phrase('valid_yaml'),
      phrase('yaml_other', { message: error instanceof Error ? error.message : String(error) }),
    );
  }
}

function placeAt(file: string, lines: LineCounter, offset: number, path: string): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col), path };
}

function refused(at: Place, reason: Phrase): AppError {
  const place = `${at.file}:${at.line}:${at.column}`;
  return new AppError('compose.unsupported', phrase('edit_unchangeable', { place, path: at.path, reason }), {
    hint: 'Change the file by hand.',
    params: { file: at.file, line: at.line, column: at.column, path: at.path, place, reason },
  });
}
