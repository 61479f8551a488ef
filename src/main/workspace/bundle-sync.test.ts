import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { asideName, planBundleSync } from './bundle-sync.ts';

test.each([
  ['a missing file is copied', { a: 'v1' }, {}, {}, [{ kind: 'copy', path: 'a' }]],
  ['an equal file stays', { a: 'v1' }, { a: 'v1' }, {}, []],
  [
    'what the app wrote is replaced by its next version',
    { a: 'v2' },
    { a: 'v1' },
    { a: 'v1' },
    [{ kind: 'copy', path: 'a' }],
  ],
  ['an edit stays while the app has nothing newer', { a: 'v1' }, { a: 'mine' }, { a: 'v1' }, []],
  [
    'an edit is saved aside when the app has a newer file',
    { a: 'v2' },
    { a: 'mine' },
    { a: 'v1' },
    [{ kind: 'save-aside-and-copy', path: 'a' }],
  ],
  [
    'without a record a different file counts as edited',
    { a: 'v2' },
    { a: 'v1' },
    {},
    [{ kind: 'save-aside-and-copy', path: 'a' }],
  ],
  ['a file that the app gave up is removed', {}, { a: 'v1' }, { a: 'v1' }, [{ kind: 'remove', path: 'a' }]],
  ['but not when somebody had edited it', {}, { a: 'mine' }, { a: 'v1' }, []],
])('%s', (_what, bundle, present, manifest, expected) => {
  expect(planBundleSync(bundle, present, manifest)).toEqual(expected);
});

test('never loses a text that the app did not write itself', () => {
  const hashes = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '3'));
  void fc.assert(
    fc.property(hashes, hashes, hashes, (bundle, present, manifest) => {
      for (const action of planBundleSync(bundle, present, manifest)) {
        const here = present[action.path];
        if (here === undefined || action.kind === 'save-aside-and-copy') continue;
        expect(here).toBe(manifest[action.path]);
      }
    }),
  );
});

test('an edited file is set aside under a name with the time in it', () => {
  expect(asideName('compose.yaml', new Date('2026-11-23T20:46:02.999Z'))).toBe(
    'compose.yaml.edited-20261123T204602',
  );
});
