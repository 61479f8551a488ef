import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CertificatePlaces } from './certificates.ts';

const DAY_MS = 86_400_000;
/** Longer than what makes {@link ensureCertificates} renew: it decides, this only spares it the usual day. */
const AHEAD_MS = 31 * DAY_MS;

/**
 * Whether everything is there, belongs together and lasts a while, asked of Node alone.
 *
 * Loading the library that makes certificates costs a start more than all the rest of opening a workspace.
 */
export async function hasGoodCertificates(places: CertificatePlaces, now: Date): Promise<boolean> {
  try {
    const ca = await readPair(join(places.directory, 'ca.crt'), places.caKeyFile);
    const server = await readPair(join(places.directory, 'server.crt'), join(places.directory, 'server.key'));
    return [ca, server].every((certificate) => lasts(certificate, now)) && server.verify(ca.publicKey);
  } catch {
    // Absent, damaged or unreadable.
    return false;
  }
}

async function readPair(certificateFile: string, keyFile: string): Promise<X509Certificate> {
  const certificate = new X509Certificate(await readFile(certificateFile));
  if (!certificate.checkPrivateKey(createPrivateKey(await readFile(keyFile))))
    throw new Error('the key belongs to another certificate');
  return certificate;
}

function lasts(certificate: X509Certificate, now: Date): boolean {
  return (
    Date.parse(certificate.validFrom) <= now.getTime() &&
    Date.parse(certificate.validTo) - now.getTime() > AHEAD_MS
  );
}
