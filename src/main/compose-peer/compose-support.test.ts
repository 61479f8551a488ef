import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inEnglish } from '../../shared/errors/phrases/phrase.ts';
import { KEYS } from '../compose/canonical/decode-project.ts';
import { SERVICE_KEYS } from '../compose/canonical/service-codec.ts';
import { SERVICE_REASONS } from '../compose/canonical/unsupported.ts';
import { loadProject } from '../compose/load-project.ts';

const ROOT = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/compose-support.md', ROOT), 'utf8');

/** From one heading to the next of whatever level. */
function section(heading: string): string {
  const start = page.indexOf(`\n${heading}\n`) + heading.length + 2;
  const next = page.slice(start).search(/\n##/);
  return next === -1 ? page.slice(start) : page.slice(start, start + next);
}

const firstCells = (text: string) => [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);

test('names every key of a service once: supported, without effect, or refused', () => {
  const list = section('## Services').split('\n\nMounts')[0] ?? '';
  const supported = [...list.matchAll(/`(\w+)`/g)].map(([, key]) => key);
  const silent = firstCells(section('### Read, and without effect'));
  const refused = firstCells(section('## Refused'));
  expect([...supported, ...silent, ...refused].toSorted()).toEqual([...SERVICE_KEYS].toSorted());
  expect(refused).toEqual(Object.keys(SERVICE_REASONS));
});

test('names every key of the top level', () => {
  const text = section('## Top level');
  expect(KEYS.filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
});

test('gives the reasons that are printed', async () => {
  const text = section('## Refused').replaceAll(/\s+/g, ' ');
  for (const [key, reason] of Object.entries(SERVICE_REASONS))
    expect(text).toContain(`\`${key}\` | ${inEnglish(reason)}`);
  const { unsupported = [] } = await loadProject({
    files: [{ path: '/w/compose.yaml', text: OTHERS }],
    env: {},
    workingDir: '/w',
  });
  expect(unsupported).toHaveLength(5);
  for (const { reason } of unsupported) expect(text).toContain(inEnglish(reason));
});

const OTHERS = `services:
  a:
    image: x
    volumes: [{ type: npipe, source: p, target: /p }, { type: cluster, source: v, target: /v }]
    configs: [c]
    secrets: [s, d]
configs: { c: { external: true } }
secrets: { s: { external: true }, d: { driver: x, name: y } }
`;

test('every difference names a test that there is', () => {
  const rows = section('## Different on purpose')
    .split('\n')
    .filter(
      (line) => line.startsWith('| ') && !line.startsWith('| --- ') && !line.startsWith('| difference '),
    );
  expect(rows.length).toBeGreaterThan(5);
  for (const row of rows) {
    const [, file = '', title = ''] = /\| `([^`]+)`: "(.+)" \|$/.exec(row) ?? [];
    expect(file, row).not.toBe('');
    expect(readFileSync(new URL(file, ROOT), 'utf8'), row).toContain(`'${title}'`);
  }
});
