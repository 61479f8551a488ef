// Writes the demo model: node scripts/demo-model/generate.ts FILE
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildDemoModel } from './demo-model.ts';

const file = process.argv[2];
if (file === undefined) throw new Error('usage: generate.ts FILE');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(`${file}.part`, buildDemoModel());
renameSync(`${file}.part`, file);
