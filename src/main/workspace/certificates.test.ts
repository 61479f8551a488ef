import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CertificatePlaces, ensureCertificates } from './certificates.ts';

const run = promisify(execFile);
const openssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
);
if (!openssl) process.stderr.write('skipped: openssl verify (openssl is not installed)\n');

const NOW = new Date();
const later = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-certs-'));
  await mkdir(join(directory, 'own'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const placesIn = (root: string): CertificatePlaces => ({
  directory: root,
  caKeyFile: join(root, 'own', 'ca.key'),
});
const text = (name: string) => readFile(join(directory, name), 'utf8');
const certificate = async (name: string) => new X509Certificate(await text(name));

test('makes a local authority and a certificate for this machine', async () => {
  expect(await ensureCertificates(placesIn(directory), NOW)).toEqual({ changed: true });
  const server = await certificate('server.crt');
  expect(server.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  const ca = await certificate('ca.crt');
  expect([ca.ca, server.ca]).toEqual([true, false]);
  expect(server.checkIssued(ca) && server.verify(ca.publicKey)).toBe(true);
  const days = (Date.parse(server.validTo) - Date.parse(server.validFrom)) / 86_400_000;
  expect(days).toBeLessThanOrEqual(398);
});

test('keeps the keys to the person who runs the app', async ({ skip }) => {
  skip(process.platform === 'win32', 'no file modes on Windows');
  await ensureCertificates(placesIn(directory), NOW);
  for (const name of ['own/ca.key', 'server.key'])
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
});

test('openssl finds the chain and the purpose good', async ({ skip }) => {
  skip(!openssl, 'openssl is not installed');
  await ensureCertificates(placesIn(directory), NOW);
  const args = ['-x509_strict', '-purpose', 'sslserver', '-verify_ip', '127.0.0.1', '-CAfile'];
  const { stdout } = await run('openssl', [
    'verify',
    ...args,
    join(directory, 'ca.crt'),
    join(directory, 'server.crt'),
  ]);
  expect(stdout).toMatch(/server\.crt: OK/);
});

test('a TLS client that trusts the authority is served, another one is not', async () => {
  await ensureCertificates(placesIn(directory), NOW);
  const server = createServer(
    { cert: await text('server.crt'), key: await text('server.key') },
    (_, answer) => answer.end('hello'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (ca?: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, agent: false, ...(ca === undefined ? {} : { ca }) };
      get(options, (answer) => resolve(answer.resume().statusCode)).once('error', reject);
    });
  try {
    expect(await ask(await text('ca.crt'))).toBe(200);
    await expect(ask()).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('leaves good certificates as they are', async () => {
  await ensureCertificates(placesIn(directory), NOW);
  const before = [await text('ca.crt'), await text('server.crt'), await text('server.key')];
  expect(await ensureCertificates(placesIn(directory), later(300))).toEqual({ changed: false });
  expect([await text('ca.crt'), await text('server.crt'), await text('server.key')]).toEqual(before);
});

test('renews the server before it ends, under the same authority', async () => {
  await ensureCertificates(placesIn(directory), NOW);
  const ca = await text('ca.crt');
  const before = await certificate('server.crt');
  expect(await ensureCertificates(placesIn(directory), later(370))).toEqual({ changed: true });
  expect(await text('ca.crt')).toBe(ca);
  const after = await certificate('server.crt');
  expect(after.serialNumber).not.toBe(before.serialNumber);
  expect(Date.parse(after.validTo)).toBeGreaterThan(Date.parse(before.validTo));
});

test('renews both when the authority is near its end', async () => {
  await ensureCertificates(placesIn(directory), NOW);
  const before = await certificate('ca.crt');
  await ensureCertificates(placesIn(directory), later(3640));
  const ca = await certificate('ca.crt');
  expect(ca.serialNumber).not.toBe(before.serialNumber);
  expect((await certificate('server.crt')).verify(ca.publicKey)).toBe(true);
});

test.each(['ca.crt', 'own/ca.key', 'server.crt', 'server.key'])('mends a damaged %s', async (name) => {
  await ensureCertificates(placesIn(directory), NOW);
  await writeFile(join(directory, name), 'not a certificate');
  expect(await ensureCertificates(placesIn(directory), NOW)).toEqual({ changed: true });
  expect((await certificate('server.crt')).verify((await certificate('ca.crt')).publicKey)).toBe(true);
});

test('notices a key that belongs to another certificate', async () => {
  await ensureCertificates(placesIn(directory), NOW);
  const other = await mkdtemp(join(tmpdir(), 'skilldeck-certs-'));
  await mkdir(join(other, 'own'));
  await ensureCertificates(placesIn(other), NOW);
  await writeFile(join(directory, 'server.key'), await readFile(join(other, 'server.key')));
  await rm(other, { recursive: true });
  expect(await ensureCertificates(placesIn(directory), NOW)).toEqual({ changed: true });
});
