import { expect, test } from 'vitest';
import { en } from './resources.ts';

const FILES = import.meta.glob<string>(
  ['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}', '!../{i18n,testing}/**'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
);
const PLURAL = /_(?:zero|one|two|few|many|other)$/;

/** Texts named by the code of an error, a diagnostic or a plan: main and the services know those, not the window. */
const BY_CODE = ['errors', 'phrases', 'skills.diagnostics', 'stack.cause', 'stack.operation'];

test('every text is used', () => {
  const sources = Object.values(FILES).join('\n');
  const unused = Object.entries(en).flatMap(([namespace, texts]) =>
    listKeys(texts)
      .filter((key) => !BY_CODE.some((part) => `${namespace}.${key}`.startsWith(part)))
      .filter((key) => !isUsed(key.replace(PLURAL, ''), sources))
      .map((key) => `${namespace}:${key}`),
  );
  expect(unused).toEqual([]);
});

function listKeys(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : listKeys(value, `${prefix}${key}.`),
  );
}

/** Written out, or as a template whose fixed part is everything before the last name: t(`state.${kind}`). */
function isUsed(key: string, sources: string): boolean {
  if (new RegExp(`['"\`:]${key.replaceAll('.', '\\.')}['"\`]`).test(sources)) return true;
  const parts = key.split('.');
  if (parts.length < 2) return false;
  const [start, end] = [parts.slice(0, -1).join('.'), parts.at(-1)];
  if (sources.includes(`\`${start}.\${`)) return true;
  // A template in the middle: t(`area.${name}.title`).
  return (
    parts.length > 2 &&
    sources.includes(`\`${parts.slice(0, -2).join('.')}.\${`) &&
    sources.includes(`}.${end}\``)
  );
}
