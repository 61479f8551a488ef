// What `electron PATH` does: the fallback runtime comes without Electron's own default app, this one takes its place.
//
// An ES module, because Electron holds back `ready` until its top-level await has ended. From a CommonJS one `ready` fires
// before the app's own entry has run, and registering privileged schemes fails.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
// biome-ignore lint/style/noRestrictedImports: this is Electron's own default app, not a part of ours
import { app } from 'electron';

Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });

const rest = [];
let target;
const given = process.argv.slice(1);
while (given.length > 0) {
  const argument = given.shift();
  // Playwright's loader comes as `-r FILE` in front of the app's path.
  if (target === undefined && (argument === '-r' || argument === '--require')) {
    createRequire(import.meta.url)(resolve(given.shift()));
  } else if (target === undefined && !argument.startsWith('-')) target = argument;
  else rest.push(argument);
}

if (target === undefined) {
  console.error('usage: electron [options] <path to app> [arguments]');
  app.exit(2);
} else {
  await start(realpathSync(resolve(target)));
}

async function start(path) {
  const isFile = statSync(path).isFile() && !path.endsWith('.asar');
  const folder = isFile ? dirname(path) : path;
  const manifestFile = join(folder, 'package.json');
  const manifest = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, 'utf8')) : {};
  if (manifest.version) app.setVersion(manifest.version);
  if (manifest.productName || manifest.name) app.name = manifest.productName || manifest.name;
  if (manifest.desktopName) app.setDesktopName(manifest.desktopName);
  app.setAppPath(folder);
  process.argv.splice(1, process.argv.length - 1, target, ...rest);
  try {
    await import(pathToFileURL(isFile ? path : join(folder, manifest.main || 'index.js')).href);
  } catch (error) {
    console.error('The app threw an error while it loaded');
    console.error(error);
    app.exit(1);
  }
}
