import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ServiceFormChange } from '../../../shared/stack/stack-contract.ts';
import { applyServiceForm } from './apply-service-form.ts';
import { readServiceForm } from './read-service-form.ts';

/** Texts that YAML, Compose or a shell could take for something else. */
const text = fc.oneof(
  fc.constantFrom(
    '80:80',
    'yes',
    '1.0',
    '$HOME',
    '~',
    'null',
    '0o17',
    '1e3',
    '2001-01-01',
    '22:22',
    '- a',
    '? b',
  ),
  fc.constantFrom(
    '#c',
    'a #b',
    'a: b',
    '{a}',
    '[b]',
    '&x',
    '*y',
    '!z',
    '%',
    '@',
    '`',
    '|',
    '>',
    "'",
    '"',
    '',
    ' ',
  ),
  fc.constantFrom(
    'line\nbreak',
    'tab\there',
    'ä\u0085ö',
    '\u2028',
    '\ufeffx',
    'x\r\ny',
    '---',
    '...',
    '=',
    '<<',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const variable = fc.oneof(
  fc.constantFrom('A', 'B', 'PATH', 'yes', '1', '__proto__', '<<', 'constructor'),
  text.filter((name) => name !== '' && !/[=\0]/.test(name)),
);
// biome-ignore lint/suspicious/noTemplateCurlyInString: Compose's.
const image = fc.constantFrom('nginx', 'nginx:1.28', 'reg:5000/a/b:${TAG:-1}', '"x"');
// biome-ignore lint/suspicious/noTemplateCurlyInString: Compose's.
const port = fc.constantFrom('80', '80:80', '127.0.0.1:53:53/udp', '8000-8010:8000-8010', '${P}:80');

const change: fc.Arbitrary<ServiceFormChange> = fc.oneof(
  fc.record({ field: fc.constant('image' as const), value: image }),
  fc.record({
    field: fc.constantFrom('image' as const, 'restart' as const, 'memory' as const, 'replicas' as const),
  }),
  fc.record({
    field: fc.constant('restart' as const),
    value: fc.constantFrom('no', 'always', 'on-failure:3'),
  }),
  fc.record({ field: fc.constant('replicas' as const), value: fc.nat(9) }),
  fc.record({ field: fc.constant('cpus' as const), value: fc.constantFrom('0.5', '2', '1.0') }),
  fc.record({ field: fc.constant('memory' as const), value: fc.constantFrom('512M', '1073741824') }),
  fc.record({ field: fc.constant('ports' as const), value: fc.array(port, { maxLength: 4 }) }),
  fc.record(
    { field: fc.constant('environment' as const), name: variable, value: fc.option(text) },
    { requiredKeys: ['field', 'name'] },
  ),
);

const variables = fc.constantFrom(
  '    environment:\n      A: one # c\n      B: 2\n      C:\n',
  '    environment:\n      - A=one\n      # about B\n      - "B"\n',
  '    environment:\n    - A=one\n',
  '    environment: {A: \'one\', B: , "C": "x"}\n',
  '    environment: [A=one, "B=2"]\n',
  '    environment: *env\n',
  '    environment:\n      <<: *env\n      B: |\n        text\n\n        more\n',
  '    environment:\n',
  '',
);
const others = fc.constantFrom(
  '    image: nginx # c\n',
  "    image: 'nginx:1'\n    scale: 2\n",
  '    build: .\n    deploy:\n      # few\n      replicas: 2\n      resources: {limits: {memory: 1G}}\n',
  '    <<: *base\n',
  '    deploy: *deploy\n',
  '    image: >-\n      nginx\n\n',
);
const ports = fc.constantFrom(
  '    ports:\n      - "80:80"\n      # b\n      - 81:81 # c\n      - target: 90\n        name: x\n',
  '    ports: ["80:80", 81]\n',
  '    ports: [\n      "80:80",\n      "81:81"\n    ]\n',
  '    ports: !override\n    - 80\n',
  '',
);

/** A file with the parts in any order, with and without CRLF and a last line break. */
const file = fc
  .tuple(
    fc.tuple(variables, others, ports).chain((parts) => fc.shuffledSubarray(parts, { minLength: 3 })),
    fc.constantFrom('', '  # tail\n\n  other: {image: o}\n', '    # inner\n# end\n', 'volumes:\n  v:\n'),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([parts, tail, crlf, cut]) => {
    const head = 'x-env: &env\n  A: shared\nx-base: &base {image: base}\nx-deploy: &deploy {replicas: 1}\n';
    const body = parts.join('') || '    image: x\n';
    const all = `${head}services:\n  # web\n  web:\n${body}${tail}`;
    const ended = cut ? all.replace(/\n+$/, '') : all;
    return crlf ? ended.replaceAll('\n', '\r\n') : ended;
  });

function attempt(source: string, changes: readonly ServiceFormChange[]): string | undefined {
  try {
    return applyServiceForm(source, 'web', changes);
  } catch (error) {
    if (error instanceof AppError && ['compose.unsupported', 'invalid_input'].includes(error.code))
      return undefined;
    throw error;
  }
}

/** Lines that are in `from` more often than in `to`. */
function missingLines(from: string, to: string): string[] {
  const counts = new Map<string, number>();
  for (const line of to.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  return from.split('\n').filter((line) => {
    const count = counts.get(line) ?? 0;
    counts.set(line, count - 1);
    return count <= 0;
  });
}

describe('editing any file', () => {
  it('gives a file that reads as changed, or refuses with a place', () => {
    let done = 0;
    void fc.assert(
      fc.property(file, fc.array(change, { minLength: 1, maxLength: 4 }), (source, changes) => {
        const result = attempt(source, changes);
        if (result === undefined) return;
        done += 1;
        const form = readServiceForm(result, 'web');
        for (const [index, made] of changes.entries()) {
          const later = changes
            .slice(index + 1)
            .some(
              (next) =>
                next.field === made.field &&
                ('name' in next ? 'name' in made && next.name === made.name : true),
            );
          if (later) continue;
          if (made.field !== 'environment') expect(form[made.field] ?? undefined).toEqual(made.value);
          else {
            const entry = form.environment.find(({ name }) => name === made.name);
            expect(entry?.value).toEqual(made.value);
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(done).toBeGreaterThan(60);
  });

  it('changes nothing when it is given what stands there', () => {
    void fc.assert(
      fc.property(file, (source) => {
        const form = readServiceForm(source, 'web');
        const same: ServiceFormChange[] = [
          ...(['image', 'restart', 'cpus', 'memory'] as const).map((field) => ({
            field,
            ...only(form[field]),
          })),
          { field: 'replicas', ...only(form.replicas) },
          { field: 'ports', value: form.ports },
          ...form.environment.map((entry) => ({ field: 'environment' as const, ...entry })),
        ];
        expect(applyServiceForm(source, 'web', same)).toBe(source);
      }),
      { numRuns: 100 },
    );
  });

  it('takes no line away but that of the value, and leaves comments, line breaks and the end of the file', () => {
    void fc.assert(
      fc.property(
        file,
        change.filter(({ field }) => field === 'image' || field === 'restart' || field === 'environment'),
        (source, made) => {
          const result = attempt(source, [made]);
          if (result === undefined || result === source) return;
          const gone = missingLines(source, result).filter((line) => line.trim() !== '');
          // A block scalar has its lines; a parent that is empty now goes with its last child.
          expect(gone.length).toBeLessThanOrEqual(4);
          const comments = gone.filter((line) => /^\s*#/.test(line) && !/about B/.test(line));
          expect(comments).toEqual([]);
          expect(result.endsWith('\n')).toBe(source.endsWith('\n'));
          if (source.includes('\r\n')) expect(result.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
          else expect(result).not.toContain('\r');
        },
      ),
      { numRuns: 200 },
    );
  });
});

function only<T>(value: T | undefined): { value?: T } {
  return value === undefined ? {} : { value };
}
