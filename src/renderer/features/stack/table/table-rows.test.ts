import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shopSnapshot } from '../../../testing/sample-shop.ts';
import { COLUMNS, type TableRow, toTableRows } from './table-rows.ts';

const rows: TableRow[] = shopSnapshot(0).services.map((service, index) => ({
  service,
  stats: index % 2 === 0 ? { service: service.name, cpuPercent: index, memoryBytes: index * 10 } : undefined,
}));
const names = (found: readonly TableRow[]) => found.map(({ service }) => service.name);
const ALL = { text: '', onlyTrouble: false };

test('sorts by state with the worst first, equal ones by name', () => {
  const sorted = names(toTableRows(rows, ALL, { column: 'state', isDescending: false }));
  expect(sorted.slice(0, 4)).toEqual(['api', 'queue', 'cache', 'worker']);
  expect(sorted.at(-1)).toBe('mailhog');
});

test('finds every word in name, image or state', () => {
  const find = (text: string) =>
    names(toTableRows(rows, { text, onlyTrouble: false }, { column: 'name', isDescending: false }));
  expect(find('SHOP/api')).toEqual(['api', 'migrate']);
  expect(find('api completed')).toEqual(['migrate']);
  expect(find('nowhere')).toEqual([]);
});

test('shows only what is not as it should be: bad states, drift and orphans', () => {
  const found = toTableRows(rows, { text: '', onlyTrouble: true }, { column: 'name', isDescending: false });
  expect(names(found)).toEqual(['api', 'cache', 'old-search', 'queue', 'web', 'worker']);
});

test('loses no row in any order', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...COLUMNS),
      fc.boolean(),
      fc.shuffledSubarray(rows),
      (column, isDescending, some) => {
        const sorted = toTableRows(some, ALL, { column, isDescending });
        expect(names(sorted).sort()).toEqual(names(some).sort());
        expect(toTableRows(sorted.toReversed(), ALL, { column, isDescending })).toEqual(sorted);
      },
    ),
  );
});
