/** Line and column, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

const TOKEN =
  /[\s\uFEFF]+|[{}[\],:]|"(?:[ !#-[\]-\u{10FFFF}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';

/**
 * Where a text stops being JSON. What the JavaScript engine says of it holds the position only sometimes, and YAML
 * takes things for good that JSON does not.
 */
export function jsonErrorPlace(text: string): TextPlace {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return placeAt(text, at);
    if (token.trim().replace('\uFEFF', '') !== '') {
      const next = after(token, expected, open);
      if (next === undefined) return placeAt(text, at);
      expected = next;
    }
    at += token.length;
  }
  return placeAt(text, text.trimEnd().length);
}

/** What may follow the token, or undefined where it may not stand. */
function after(token: string, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const ended = (): Expected => (open.length === 0 ? 'nothing' : 'comma-or-end');
  const takesValue = expected === 'value' || expected === 'value-or-end';
  switch (token) {
    case '{':
    case '[':
      if (!takesValue) return undefined;
      open.push(token);
      return token === '{' ? 'key-or-end' : 'value-or-end';
    case '}':
    case ']': {
      const isEmpty = expected === (token === '}' ? 'key-or-end' : 'value-or-end');
      if (!isEmpty && expected !== 'comma-or-end') return undefined;
      return open.pop() === (token === '}' ? '{' : '[') ? ended() : undefined;
    }
    case ',':
      if (expected !== 'comma-or-end') return undefined;
      return open.at(-1) === '{' ? 'key' : 'value';
    case ':':
      return expected === 'colon' ? 'value' : undefined;
    default:
      if (token.startsWith('"') && (expected === 'key' || expected === 'key-or-end')) return 'colon';
      return takesValue ? ended() : undefined;
  }
}

function placeAt(text: string, index: number): TextPlace {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
