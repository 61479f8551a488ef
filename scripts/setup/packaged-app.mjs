import { existsSync } from 'node:fs';
import { packageApp } from '../package-app.mjs';
import { inRepository } from './paths.mjs';
import { fingerprint, hashOf, readStamp, writeStamp } from './stamp.mjs';

const OUTPUT = inRepository('.cache', 'packaged');
const STAMP = inRepository('.cache', 'stamps', 'packaged-app');
const BUILD_STAMP = inRepository('.cache', 'stamps', 'build');
const INPUTS = [
  'electron-builder.yml',
  'package-lock.json',
  'assets',
  'stack/compose.yaml',
  'stack/skills',
  'stack/models',
];

/** Packages the app for its own test (e2e/packaged.spec.ts): as it ships, but for the fuse that lets Playwright attach. */
export async function packagedApp() {
  const sources = fingerprint(INPUTS.map((path) => inRepository(path)));
  const wanted = hashOf([sources, readStamp(BUILD_STAMP) ?? '']);
  if (existsSync(OUTPUT) && readStamp(STAMP) === wanted) return { isUpToDate: true };
  await packageApp({
    targets: ['--dir'],
    output: OUTPUT,
    settings: { 'electronFuses.enableNodeCliInspectArguments': 'true' },
  });
  writeStamp(STAMP, wanted);
}
