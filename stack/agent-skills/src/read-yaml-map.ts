import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Report } from './parse-skill.ts';

export interface YamlField {
  readonly key: string;
  readonly value: unknown;
  readonly line: number;
  readonly column: number;
}

/** Reads a YAML map into plain values that remember where in the file they stand. Reports and returns undefined otherwise. */
export function readYamlMap(
  yaml: string,
  firstLine: number,
  report: Report,
): readonly YamlField[] | undefined {
  const lineCount = yaml.split('\n').length;
  const lines = new LineCounter();
  const place = (offset: number | undefined): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line: firstLine + Math.min(Math.max(line, 1), lineCount) - 1, column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
    for (const error of document.errors) {
      report('error', 'skill.yaml_invalid', yamlSentence(error.message), place(error.pos[0]), {
        reason: error.message,
      });
    }
    if (document.errors.length > 0) return undefined;
    if (!isMap(document.contents)) {
      report('error', 'skill.yaml_not_a_map', 'The front matter must be "key: value" lines.', place(0));
      return undefined;
    }
    return document.contents.items.map((pair) => {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
      const range = isScalar(pair.key) ? pair.key.range : undefined;
      const node = pair.value;
      const value: unknown =
        typeof node === 'object' && node !== null && 'toJS' in node && typeof node.toJS === 'function'
          ? node.toJS(document, { maxAliasCount: 50 })
          : node;
      return { key, value, ...place(range?.[0]) };
    });
  } catch (error) {
    // The parser throws on alias bombs and on nesting deeper than the stack.
    const reason = error instanceof Error ? error.message : String(error);
    report('error', 'skill.yaml_invalid', yamlSentence(reason), place(0), { reason });
    return undefined;
  }
}

function yamlSentence(reason: string): string {
  const hint = /nested mappings|implicit key/i.test(reason) ? ' Put a value that holds ": " in quotes.' : '';
  return `The front matter is not valid YAML: ${reason.trim().replace(/\.$/, '')}.${hint}`;
}
