import { existsSync } from 'node:fs';
import { inRepository } from './paths.mjs';
import { run } from './run-command.mjs';
import { fingerprint, readStamp, writeStamp } from './stamp.mjs';

const RECIPE = inRepository('scripts', 'demo-model');
const MODEL = inRepository('stack', 'models', 'skilldeck-demo.gguf');
const STAMP = inRepository('.cache', 'stamps', 'demo-model');

/** Generates the demo model that a fresh workspace starts with. */
export async function demoModel() {
  const wanted = fingerprint([RECIPE]);
  if (existsSync(MODEL) && readStamp(STAMP) === wanted) return { isUpToDate: true };
  await run('node', [inRepository('scripts', 'demo-model', 'generate.ts'), MODEL]);
  writeStamp(STAMP, wanted);
}
