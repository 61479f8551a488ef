import path from 'node:path';
import { expect, test } from 'vitest';
import { appPaths } from './app-paths.ts';

const places = (packaged: boolean) =>
  appPaths({
    mainDir: path.join('/app', 'out', 'main'),
    resources: path.join('/opt', 'resources'),
    packaged,
    userData: path.join('/home', 'u', 'data'),
  });

test('a checkout brings its stack along, a package has it among its resources', () => {
  expect(places(false)).toMatchObject({
    bundle: path.join('/app', 'stack'),
    assets: path.join('/app', 'assets'),
  });
  expect(places(true)).toMatchObject({
    bundle: path.join('/opt', 'resources', 'stack'),
    assets: path.join('/opt', 'resources', 'assets'),
  });
});

test('the page and the preload lie beside the main file, whatever the package', () => {
  for (const paths of [places(true), places(false)])
    expect([paths.page, paths.preload]).toEqual([
      path.join('/app', 'out', 'renderer'),
      path.join('/app', 'out', 'preload', 'preload.cjs'),
    ]);
});

test('everything that is written goes below the user’s own folder', () => {
  const { settings, keychain, windowState, lastWorkspace, logs } = places(true);
  const written = [settings, keychain, windowState, lastWorkspace, logs];
  for (const file of written) expect(path.dirname(file)).toBe(path.join('/home', 'u', 'data'));
  expect(new Set(written).size).toBe(written.length);
});
