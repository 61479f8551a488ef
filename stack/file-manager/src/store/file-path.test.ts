import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileManagerError } from '../errors.ts';
import { AREAS, MAX_DEPTH, parseFilePath } from './file-path.ts';

function codeOf(area: string, text: string): string {
  try {
    parseFilePath(area, text);
    return 'ok';
  } catch (error) {
    return error instanceof FileManagerError ? error.code : String(error);
  }
}

const hostile = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    'a',
    'SKILL.md',
    '.git',
    'con.json',
    'a\\b',
    '\0',
    '%2e%2e',
    ' ',
    'x.gguf',
    'C:',
    '//',
    '\u202e',
  ),
  fc.string({ unit: 'binary' }),
);

describe('parseFilePath', () => {
  it('never yields a path that leaves its area or hides', () => {
    fc.assert(
      fc.property(fc.constantFrom(...AREAS), fc.array(hostile, { maxLength: 12 }), (area, parts) => {
        const text = parts.join('/');
        if (codeOf(area, text) !== 'ok') return;
        const { segments } = parseFilePath(area, text);
        for (const flavour of [path.posix, path.win32]) {
          const base = flavour === path.win32 ? 'C:\\data' : '/data';
          const full = flavour.resolve(base, area, ...segments);
          expect(full.startsWith(`${base}${flavour.sep}${area}${flavour.sep}`)).toBe(true);
        }
        expect(segments.every((segment) => segment !== '' && !segment.startsWith('.'))).toBe(true);
        expect(segments.length).toBeLessThanOrEqual(MAX_DEPTH);
      }),
      { numRuns: 2000 },
    );
  });

  it('throws nothing but coded errors, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (area, text) => {
        expect(codeOf(area, text)).toMatch(/^(ok|file\.[a-z0-9_]+)$/);
      }),
    );
  });

  it.each([
    ['skills', 'release-notes/SKILL.md', 'ok'],
    ['skills', '发布说明/SKILL.md', 'ok'],
    ['models', 'llama2/model.gguf', 'ok'],
    ['skills', 'model.gguf', 'file.type_refused'],
    ['skills', 'run.sh', 'file.type_refused'],
    ['skills', 'SKILL.md.exe', 'file.type_refused'],
    ['config', 'config.JSON', 'file.type_refused'],
    ['config', '.env.json', 'file.bad_path'],
    ['skills', '../config/config.json', 'file.bad_path'],
    ['skills', 'a/../../b.md', 'file.bad_path'],
    ['skills', '/etc/x.md', 'file.bad_path'],
    ['skills', 'a\\..\\b.md', 'file.bad_path'],
    ['skills', 'nul.md', 'file.bad_path'],
    ['skills', 'COM1.json', 'file.bad_path'],
    ['skills', 'x\u202emd.json', 'file.bad_path'],
    ['skills', 'trailing ./x.md', 'file.bad_path'],
    ['skills', '1/2/3/4/5/6/7/8/9.md', 'file.bad_path'],
    ['certs', 'server.json', 'file.not_found'],
    ['__proto__', 'x.json', 'file.not_found'],
  ])('judges %s/%s as %s', (area, text, expected) => {
    expect(codeOf(area, text)).toBe(expected);
  });

  it('gives one spelling to composed and decomposed names', () => {
    expect(parseFilePath('skills', 'cafe\u0301.md')).toEqual(parseFilePath('skills', 'caf\u00e9.md'));
  });
});
