import type { FileStyle } from './file-style.ts';
import { keyText, type ScalarValue, scalarText } from './scalar-text.ts';

/** What is written where nothing stood. */
export type NewNode =
  | { readonly kind: 'scalar'; readonly value: ScalarValue | null }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, NewNode])[] };

/** `value` below the keys of `path`. */
export function nested(path: readonly string[], value: NewNode): NewNode {
  return path.reduceRight<NewNode>((inner, key) => ({ kind: 'map', entries: [[key, inner]] }), value);
}

/** The lines of `key: value` in block style. */
export function blockPair(key: string, node: NewNode, indent: string, style: FileStyle): string[] {
  const name = `${indent}${keyText(key, false)}:`;
  if (node.kind === 'scalar')
    return node.value === null ? [name] : [`${name} ${scalarText(node.value, { ...style, inFlow: false })}`];
  return [name, ...blockBody(node, indent, style)];
}

/** The lines below a key that stands at `indent`. */
export function blockBody(
  node: Exclude<NewNode, { kind: 'scalar' }>,
  indent: string,
  style: FileStyle,
): string[] {
  if (node.kind === 'map') {
    const inner = indent + ' '.repeat(style.step);
    return node.entries.flatMap(([key, value]) => blockPair(key, value, inner, style));
  }
  const dash = `${indent}${' '.repeat(style.dashOffset)}- `;
  return node.items.map((item) => dash + scalarText(item, { ...style, inFlow: false }));
}

export function flowPair(key: string, node: NewNode, style: FileStyle, quotedKeys: boolean): string {
  return `${keyText(key, quotedKeys)}: ${flowNode(node, style, quotedKeys)}`;
}

export function flowNode(node: NewNode, style: FileStyle, json: boolean): string {
  switch (node.kind) {
    case 'scalar':
      return node.value === null ? 'null' : flowScalar(node.value, style, json);
    case 'list':
      return `[${node.items.map((item) => flowScalar(item, style, json)).join(', ')}]`;
    case 'map': {
      const entries = node.entries.map(([key, value]) => flowPair(key, value, style, json)).join(', ');
      return json ? `{${entries}}` : `{ ${entries} }`;
    }
  }
}

/** JSON knows no plain strings. */
export function flowScalar(value: ScalarValue, style: FileStyle, json: boolean): string {
  if (json && typeof value === 'string') return JSON.stringify(value);
  return scalarText(value, { ...style, inFlow: true });
}
