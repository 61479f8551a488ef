import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvePageFile } from './page-files.ts';

const ROOT = path.resolve('/srv/page');

describe('resolvePageFile', () => {
  it('serves the index for the bare origin', () => {
    expect(resolvePageFile('app://skilldeck/', ROOT)?.file).toBe(path.join(ROOT, 'index.html'));
  });

  it('knows the type of a script', () => {
    expect(resolvePageFile('app://skilldeck/assets/a.js', ROOT)?.contentType).toContain('text/javascript');
  });

  it.each([
    'app://skilldeck/..%2f..%2fetc/passwd.js',
    'app://skilldeck/%2e%2e/secret.js',
    'app://skilldeck/a%00.js',
  ])('never leaves the root: %s', (url) => {
    const found = resolvePageFile(url, ROOT);
    expect(found === undefined || found.file.startsWith(ROOT + path.sep)).toBe(true);
  });

  it('stays inside the root or answers nothing for any path', () => {
    fc.assert(
      fc.property(fc.string(), (tail) => {
        const found = resolvePageFile(`app://skilldeck/${tail}`, ROOT);
        expect(found === undefined || found.file.startsWith(ROOT + path.sep)).toBe(true);
      }),
    );
  });
});
