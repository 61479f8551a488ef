import { expect, test } from 'vitest';
import styles from './styles.ts?raw';

const SHEETS = Object.keys(import.meta.glob('../../../node_modules/@mantine/core/styles/*.layer.css')).map(
  (file) => /([^/]+)\.layer\.css$/.exec(file)?.[1] ?? '',
);
const SOURCES = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

test('every part of Mantine that is used has its sheet', () => {
  const used = Object.values(SOURCES).flatMap((source) =>
    [...source.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(([, names = '']) =>
      names.split(',').map((name) => name.trim()),
    ),
  );
  const missing = [...new Set(used)].filter(
    (name) => SHEETS.includes(name) && !styles.includes(`/${name}.layer.css`),
  );
  expect(SHEETS.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});
