import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommandLine, withoutWorkspace } from './command-line.ts';

const CWD = path.resolve('/home/mara');

describe('parseCommandLine', () => {
  it('resolves the workspace against the current folder', () => {
    expect(parseCommandLine(['electron', '.', '--workspace', 'lab'], CWD)).toEqual({
      workspace: path.join(CWD, 'lab'),
    });
  });

  it('understands the form with an equals sign', () => {
    expect(parseCommandLine(['app', '--engine=sandbox', '--no-sandbox'], CWD)).toEqual({ engine: 'sandbox' });
  });

  it('says what is wrong with an engine that does not exist', () => {
    expect(parseCommandLine(['app', '--engine', 'podman'], CWD).problem).toContain('podman');
  });

  it('asks for the folder when it is missing', () => {
    expect(parseCommandLine(['app', '--workspace'], CWD).problem).toContain('needs a folder');
    expect(parseCommandLine(['app', '--workspace', '--engine=docker'], CWD).problem).toContain(
      'needs a folder',
    );
  });
});

describe('withoutWorkspace', () => {
  it('drops the workspace in both forms and nothing else', () => {
    expect(withoutWorkspace(['.', '--workspace', 'lab', '--engine=docker'])).toEqual([
      '.',
      '--engine=docker',
    ]);
    expect(withoutWorkspace(['.', '--workspace=lab', 'file'])).toEqual(['.', 'file']);
  });
});
