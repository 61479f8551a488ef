// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose's variables look like that.
import * as fc from 'fast-check';

/** For tests only: a compose file as a cat on the keyboard leaves it. */
export interface Mutation {
  readonly kind: 'flip' | 'delete' | 'repeat' | 'splice' | 'inject' | 'nest';
  /** Where, and how much, as parts of the text. */
  readonly at: number;
  readonly size: number;
  readonly choice: number;
}

const INJECTED = [
  '&a ',
  '*a',
  '<<: *a\n',
  '!!binary ',
  '!!str ',
  '!reset ',
  '!override ',
  '!unknown ',
  '? ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|\n',
  '>-\n',
  '---\n',
  '...\n',
  '#',
  '\t',
  '\r\n',
  '\u0000',
  '\ufeff',
  '$',
  '$$',
  '${',
  '}',
  '${A:-${B:?c}}',
  'null',
  '~',
  '-1',
  '1e999',
  '0x7fffffffffffffffff',
  '.nan',
  '2001-01-01',
  '65536',
  '1-65535',
  'extends: { file: compose.yaml, service: web }\n',
  'include: [compose.yaml]\n',
  'env_file: [variables.env]\n',
  '__proto__: {}\n',
  'constructor: 1\n',
  'services: ',
  'x-a: ',
];

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record<Mutation>({
    // Nesting breaks nearly everything: seldom, so that what is decoded and checked later is reached, too.
    kind: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom('flip', 'delete', 'repeat', 'splice', 'inject') },
      { weight: 1, arbitrary: fc.constant('nest') },
    ),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    size: fc.nat(24),
    choice: fc.nat(100_000),
  }),
  { minLength: 1, maxLength: 3 },
);

/** @param others texts whose lines are spliced in. */
export function mutate(text: string, changes: readonly Mutation[], others: readonly string[]): string {
  return changes.reduce((before, change) => applyOne(before, change, others).slice(0, 64 * 1024), text);
}

function applyOne(text: string, { kind, at, size, choice }: Mutation, others: readonly string[]): string {
  const start = Math.floor(at * text.length);
  const [head, tail] = [text.slice(0, start), text.slice(start)];
  switch (kind) {
    case 'flip': {
      const code = (text.charCodeAt(start) || 0) ^ (1 << (choice % 8));
      return head + String.fromCharCode(code) + tail.slice(1);
    }
    case 'delete':
      return head + tail.slice(size);
    case 'repeat':
      return head + tail.slice(0, size).repeat(1 + (choice % 4)) + tail;
    case 'splice': {
      const lines = (others[choice % others.length] ?? '').split('\n');
      const first = choice % lines.length;
      const lineStart = head.lastIndexOf('\n') + 1;
      const inserted = lines.slice(first, first + (size % 8)).join('\n');
      return `${text.slice(0, lineStart)}${inserted}\n${text.slice(lineStart)}`;
    }
    case 'inject':
      return head + (INJECTED[choice % INJECTED.length] ?? '') + tail;
    case 'nest':
      return head + ['[', '{a: ', '- ', '${A:-'][choice % 4]?.repeat(size * 4) + tail;
  }
}
