import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { invalid, type Located, type LocatedMap, type Place } from './located.ts';

const MAX_CHARS = 1024 * 1024;
const MAX_DEPTH = 64;
/** Counted after aliases are followed, so that a few nested ones cannot grow into a billion nodes. */
const MAX_NODES = 100_000;
/** Each costs a walk over the document. */
const MAX_ALIASES = 1000;

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Reads one compose file; an empty one is an empty map. */
export function parseYaml(file: SourceFile): LocatedMap {
  const start: Place = { file: file.path, line: 1, column: 1, path: '(file)' };
  if (file.text.length > MAX_CHARS)
    throw invalid(start, `at most ${MAX_CHARS} characters`, `${file.text.length}`);
  const lines = new LineCounter();
  const document = parsed(file, start, lines);
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const position = lines.linePos(error.pos[0]);
    throw invalid(
      { ...start, line: position.line, column: position.col },
      'valid YAML',
      error.message.split('\n')[0]?.replace(/ at line.*$/, '') ?? error.code,
    );
  }
  const root = new Reader(file.path, document, lines).read(document.contents, '', 0);
  if (root.kind === 'map') return root;
  if (root.kind === 'scalar' && root.value === null) return { kind: 'map', at: start, entries: new Map() };
  throw invalid({ ...root.at, path: '(file)' }, 'a map with "services"', root.kind);
}

function parsed(file: SourceFile, start: Place, lines: LineCounter): Document {
  try {
    return parseDocument(file.text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      uniqueKeys: true,
    });
  } catch (error) {
    // The parser recurses: a file of ten thousand brackets ends its stack.
    if (error instanceof RangeError) throw invalid(start, `at most ${MAX_DEPTH} levels`, 'deeper nesting');
    throw error;
  }
}

class Reader {
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  #count = 0;
  #aliases = 0;

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
  }

  read(node: Node | null, path: string, depth: number, fallback?: Place): Located {
    const at = this.#place(node, path, fallback);
    this.#count += 1;
    if (this.#count > MAX_NODES) throw invalid(at, `at most ${MAX_NODES} values`, 'more (aliases counted)');
    if (depth > MAX_DEPTH) throw invalid(at, `at most ${MAX_DEPTH} levels`, 'deeper nesting');
    if (isAlias(node)) {
      this.#aliases += 1;
      if (this.#aliases > MAX_ALIASES) throw invalid(at, `at most ${MAX_ALIASES} aliases`, 'more');
      const target = node.resolve(this.#document);
      if (target === undefined) throw invalid(at, 'an alias of an anchor above it', `*${node.source}`);
      return this.read(target, path, depth + 1, at);
    }
    if (isMap(node)) return { kind: 'map', at, entries: this.#entries(node, path, depth) };
    if (isSeq(node)) {
      const items = node.items.map((item, index) =>
        this.read(item as Node, `${path}[${index}]`, depth + 1, at),
      );
      return { kind: 'list', at, items };
    }
    if (isScalar(node)) return this.#scalar(node.value, node.source, at);
    return { kind: 'scalar', at, value: null, text: '' };
  }

  #scalar(value: unknown, source: string | undefined, at: Place): Located {
    if (typeof value === 'string') return { kind: 'scalar', at, value, text: value };
    if (value === null || typeof value === 'number' || typeof value === 'boolean')
      return { kind: 'scalar', at, value, text: source ?? String(value) };
    return { kind: 'scalar', at, value: source ?? String(value), text: source ?? String(value) };
  }

  #entries(map: YAMLMap, path: string, depth: number): ReadonlyMap<string, Located> {
    const entries = new Map<string, Located>();
    const merged = new Map<string, Located>();
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : undefined;
      const at = this.#place(pair.key, path);
      if (key === undefined) throw invalid(at, 'a plain key', 'a list or a map as key');
      if (key === '<<') this.#mergeInto(merged, pair.value, path, depth, at);
      else {
        const childPath = path === '' ? key : `${path}.${key}`;
        entries.set(key, this.read(pair.value, childPath, depth + 1, { ...at, path: childPath }));
      }
    }
    for (const [key, value] of merged) if (!entries.has(key)) entries.set(key, value);
    return entries;
  }

  /** `<<: *a` and `<<: [*a, *b]`: earlier sources win, the map's own keys win over all. */
  #mergeInto(merged: Map<string, Located>, node: Node | null, path: string, depth: number, at: Place): void {
    const source = this.read(node, path, depth + 1, at);
    const sources = source.kind === 'list' ? source.items : [source];
    for (const item of sources) {
      if (item.kind !== 'map') throw invalid(item.at, 'a map to merge', item.kind);
      for (const [key, value] of item.entries) if (!merged.has(key)) merged.set(key, value);
    }
  }

  #place(node: Node | null, path: string, fallback?: Place): Place {
    const offset = node?.range?.[0];
    if (offset === undefined) return fallback ?? { file: this.#file, line: 1, column: 1, path };
    const position = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, position.line), column: Math.max(1, position.col), path };
  }
}
