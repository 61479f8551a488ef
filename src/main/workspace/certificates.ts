import './reflect-polyfill.ts';
import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import writeFileAtomic from 'write-file-atomic';

const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
/** The longest that browsers accept. */
const SERVER_DAYS = 398;
const RENEW_BEFORE_DAYS = 30;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

interface KeyedCertificate {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

export interface CertificatePlaces {
  /** `ca.crt`, and the server's pair. The proxy mounts this folder. */
  readonly directory: string;
  /** Outside of that folder: whoever has this key can pretend to be any server to those who trust the CA. */
  readonly caKeyFile: string;
}

interface PairFiles {
  readonly certificate: string;
  readonly key: string;
}

const caFiles = ({ directory, caKeyFile }: CertificatePlaces): PairFiles => ({
  certificate: join(directory, 'ca.crt'),
  key: caKeyFile,
});
const serverFiles = ({ directory }: CertificatePlaces): PairFiles => ({
  certificate: join(directory, 'server.crt'),
  key: join(directory, 'server.key'),
});

/** Makes the local CA and the server's certificate where they are absent, damaged or near their end. */
export async function ensureCertificates(
  places: CertificatePlaces,
  now: Date,
): Promise<{ readonly changed: boolean }> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const known = await readPair(caFiles(places));
  const ca = known !== undefined && stillGood(known.certificate, now) ? known : await makeCa(places, now);
  const server = await readPair(serverFiles(places));
  if (server !== undefined && ca === known && stillGood(server.certificate, now)) {
    const issued = await server.certificate.verify({ publicKey: ca.certificate.publicKey, date: now });
    if (issued) return { changed: false };
  }
  await makeServer(places, ca, now);
  return { changed: true };
}

async function makeCa(places: CertificatePlaces, now: Date): Promise<KeyedCertificate> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Skilldeck local CA',
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + CA_DAYS * DAY_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writePair(caFiles(places), certificate.toString('pem'), keys.privateKey);
  return { certificate, privateKey: keys.privateKey };
}

async function makeServer(places: CertificatePlaces, ca: KeyedCertificate, now: Date): Promise<void> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=localhost',
    issuer: ca.certificate.subject,
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + (SERVER_DAYS - 1) * DAY_MS),
    publicKey: keys.publicKey,
    signingKey: ca.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(ca.certificate),
    ],
  });
  await writePair(serverFiles(places), certificate.toString('pem'), keys.privateKey);
}

async function readPair(files: PairFiles): Promise<KeyedCertificate | undefined> {
  try {
    const text = await readFile(files.certificate, 'utf8');
    const keyText = await readFile(files.key, 'utf8');
    // A write that stopped half-way leaves a new key beside an old certificate.
    if (!new X509Certificate(text).checkPrivateKey(createPrivateKey(keyText))) return undefined;
    const certificate = new x509.X509Certificate(text);
    const key = x509.PemConverter.decodeFirst(keyText);
    const privateKey = await webcrypto.subtle.importKey('pkcs8', key, ALGORITHM, true, ['sign']);
    return { certificate, privateKey };
  } catch {
    // Absent or damaged: a new one is made.
    return undefined;
  }
}

async function writePair(
  files: PairFiles,
  certificate: string,
  privateKey: webcrypto.CryptoKey,
): Promise<void> {
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
  await writeFileAtomic(files.key, `${key}\n`, { mode: 0o600 });
  await writeFileAtomic(files.certificate, `${certificate}\n`, { mode: 0o644 });
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function stillGood(certificate: x509.X509Certificate, now: Date): boolean {
  return (
    certificate.notBefore <= now &&
    certificate.notAfter.getTime() - now.getTime() > RENEW_BEFORE_DAYS * DAY_MS
  );
}

function serialNumber(): string {
  const bytes = randomBytes(16);
  // Positive, as RFC 5280 wants it.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
