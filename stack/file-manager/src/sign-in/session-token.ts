import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const PayloadSchema = z.object({ user: z.string(), id: z.string(), expires: z.number() });
export type Session = z.infer<typeof PayloadSchema>;

/** Bounds what sign-outs may occupy; beyond it the oldest is forgotten, and that session lives until it expires. */
const MOST_REVOKED = 10_000;

/** Signed sessions without a table: whoever holds one is signed in until it expires or is revoked. */
export class SessionTokens {
  readonly #key: Buffer;
  readonly #lifetimeMs: number;
  readonly #now: () => number;
  readonly #revoked = new Set<string>();

  /** The password is part of the key, so that a new password ends every session. */
  constructor(options: { key: Buffer; password: string; lifetimeMs: number; now: () => number }) {
    this.#key = createHmac('sha256', options.key).update(options.password).digest();
    this.#lifetimeMs = options.lifetimeMs;
    this.#now = options.now;
  }

  issue(user: string): { readonly token: string; readonly session: Session } {
    const session = {
      user,
      id: randomBytes(12).toString('base64url'),
      expires: this.#now() + this.#lifetimeMs,
    };
    const payload = Buffer.from(JSON.stringify(session)).toString('base64url');
    return { token: `${payload}.${this.#sign(payload).toString('base64url')}`, session };
  }

  verify(token: string): Session | undefined {
    const [payload, signature, rest] = token.split('.');
    if (payload === undefined || signature === undefined || rest !== undefined) return undefined;
    const given = Buffer.from(signature, 'base64url');
    const expected = this.#sign(payload);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    // Signed by us, hence our own JSON.
    const session = PayloadSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    return session.expires > this.#now() && !this.#revoked.has(session.id) ? session : undefined;
  }

  revoke(session: Session): void {
    this.#revoked.add(session.id);
    if (this.#revoked.size <= MOST_REVOKED) return;
    const [oldest] = this.#revoked;
    if (oldest !== undefined) this.#revoked.delete(oldest);
  }

  #sign(payload: string): Buffer {
    return createHmac('sha256', this.#key).update(payload).digest();
  }
}
