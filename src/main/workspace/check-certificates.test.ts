import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureCertificates } from './certificates.ts';
import { hasGoodCertificates } from './check-certificates.ts';

const NOW = new Date();
const later = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-certs-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const places = () => ({ directory, caKeyFile: join(directory, 'ca.key') });

test('finds nothing good in an empty folder', async () => {
  expect(await hasGoodCertificates(places(), NOW)).toBe(false);
});

test('agrees with what was just made, until shortly before its end', async () => {
  await ensureCertificates(places(), NOW);
  expect(await hasGoodCertificates(places(), NOW)).toBe(true);
  expect(await hasGoodCertificates(places(), later(300))).toBe(true);
  expect(await hasGoodCertificates(places(), later(370))).toBe(false);
});

test.each(['ca.crt', 'ca.key', 'server.crt', 'server.key'])('notices a damaged %s', async (name) => {
  await ensureCertificates(places(), NOW);
  await writeFile(join(directory, name), 'not a certificate');
  expect(await hasGoodCertificates(places(), NOW)).toBe(false);
});
