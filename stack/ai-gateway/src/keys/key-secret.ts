import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = 'sk-sd-';

export function newKeyId(): string {
  return randomBytes(6).toString('hex');
}

export function newSecret(id: string): string {
  return `${PREFIX}${id}-${randomBytes(32).toString('base64url')}`;
}

/** Of which key it is, if it has the form of ours. */
export function keyIdOf(secret: string): string | undefined {
  return /^sk-sd-([0-9a-f]{12})-/.exec(secret)?.[1];
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function isSecretOf(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash));
}
