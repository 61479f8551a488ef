import { type Document, isMap, isScalar, isSeq, visit, type YAMLMap } from 'yaml';

/** How the author writes: what is added looks the same. */
export interface FileStyle {
  readonly eol: '\n' | '\r\n';
  /** Spaces of one level. */
  readonly step: number;
  /** Spaces between a key and the dashes below it; 0 where they stand in one column. */
  readonly dashOffset: number;
  readonly quote: 'QUOTE_DOUBLE' | 'QUOTE_SINGLE';
  readonly environment: 'map' | 'list';
}

export function fileStyle(text: string, document: Document): FileStyle {
  const steps: number[] = [];
  const dashes: number[] = [];
  let quotes = 0;
  let lists = 0;
  visit(document, {
    Scalar: (_key, node) => {
      if (node.type === 'QUOTE_DOUBLE') quotes += 1;
      if (node.type === 'QUOTE_SINGLE') quotes -= 1;
    },
    Pair: (_key, pair) => {
      const { key, value } = pair;
      if (!isScalar(key) || key.range === undefined || key.range === null) return;
      const column = columnOf(text, key.range[0]);
      if (isMap(value) && value.flow !== true) {
        const first = firstKeyOffset(value);
        if (first !== undefined) steps.push(columnOf(text, first) - column);
        if (key.value === 'environment') lists -= 1;
      }
      if (isSeq(value)) {
        if (key.value === 'environment') lists += 1;
        const dash = value.srcToken?.type === 'block-seq' ? value.srcToken.offset : undefined;
        if (dash !== undefined) dashes.push(columnOf(text, dash) - column);
      }
    },
  });
  const step = mostFrequent(steps.filter((count) => count > 0)) ?? 2;
  return {
    eol:
      /\r\n/.test(text) && (text.match(/\r\n/g)?.length ?? 0) * 2 > (text.match(/\n/g)?.length ?? 0)
        ? '\r\n'
        : '\n',
    step,
    dashOffset: mostFrequent(dashes.filter((count) => count >= 0)) ?? step,
    quote: quotes < 0 ? 'QUOTE_SINGLE' : 'QUOTE_DOUBLE',
    environment: lists > 0 ? 'list' : 'map',
  };
}

export function columnOf(text: string, offset: number): number {
  // A byte order mark takes no column.
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return offset - start - (start === 0 && text.startsWith('\uFEFF') ? 1 : 0);
}

export function firstKeyOffset(map: YAMLMap): number | undefined {
  const key = map.items[0]?.key;
  return isScalar(key) ? key.range?.[0] : undefined;
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
