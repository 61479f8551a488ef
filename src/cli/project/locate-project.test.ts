import { describe, expect, it } from 'vitest';
import type { GlobalOptions } from '../cli-context.ts';
import { locateProject } from './locate-project.ts';

const FILES: Readonly<Record<string, string>> = {
  '/home/a/compose.yaml': 'services: {}',
  '/home/a/.env': 'FROM=dotenv\nSHELL_WINS=no',
  '/home/a/b/.env': 'FROM=wrong',
  '/home/c/.env': 'COMPOSE_FILE=one.yaml:two.yaml',
  '/home/c/compose.yaml': '',
  '/env/1': 'A=1\nB=1',
  '/env/2': 'B=$A-2',
};

function locate(cwd: string, globals: GlobalOptions = {}, env: Record<string, string> = {}) {
  return locateProject({ cwd, env, globals }, async (path) => FILES[path]);
}

describe.skipIf(process.platform === 'win32')('the project of a command line', () => {
  it('is that of the nearest folder upwards, with the .env beside its file; the shell wins', async () => {
    expect(await locate('/home/a/b/deep', {}, { SHELL_WINS: 'yes' })).toEqual({
      directory: '/home/a',
      envFiles: ['/home/a/.env'],
      env: { FROM: 'dotenv', SHELL_WINS: 'yes' },
    });
  });

  it('is what -f names, then COMPOSE_FILE, also from .env; with the .env beside the first', async () => {
    expect(await locate('/home', { file: ['a/x.yaml', '-'] }, { COMPOSE_FILE: 'no.yaml' })).toMatchObject({
      files: ['/home/a/x.yaml', '-'],
      env: { FROM: 'dotenv' },
    });
    expect(await locate('/home', {}, { COMPOSE_FILE: 'a|b', COMPOSE_PATH_SEPARATOR: '|' })).toMatchObject({
      files: ['/home/a', '/home/b'],
    });
    expect(await locate('/home/c')).toMatchObject({ files: ['/home/c/one.yaml', '/home/c/two.yaml'] });
  });

  it('reads the env files that are named, the later ones over the earlier, and misses one that is not there', async () => {
    expect(await locate('/home/a', { envFile: ['/env/1', '/env/2'] })).toMatchObject({
      env: { A: '1', B: '1-2' },
    });
    expect(await locate('/', {}, { COMPOSE_ENV_FILES: 'env/1,env/2' })).toMatchObject({ env: { B: '1-2' } });
    await expect(locate('/home/a', { envFile: ['absent'] })).rejects.toMatchObject({
      code: 'compose.file_missing',
    });
  });

  it('has the folder that --project-directory names', async () => {
    expect(await locate('/home', { projectDirectory: 'a', file: ['x.yaml'] })).toMatchObject({
      directory: '/home/a',
      files: ['/home/x.yaml'],
      env: { FROM: 'dotenv' },
    });
  });

  it('is the current folder where there is nothing, so that its file is missed', async () => {
    expect(await locate('/nowhere/at/all')).toMatchObject({ directory: '/nowhere/at/all' });
  });
});
