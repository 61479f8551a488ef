// Writes the demo model: node scripts/demo-model/generate.ts FILE [SENTENCE]. With a sentence it says nothing else.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildDemoModel } from './demo-model.ts';

const [file, sentence] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: generate.ts FILE [SENTENCE]');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(`${file}.part`, sentence === undefined ? buildDemoModel() : buildDemoModel([[sentence]]));
renameSync(`${file}.part`, file);
