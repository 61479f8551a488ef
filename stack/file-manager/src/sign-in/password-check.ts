import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 ** 2 } as const;
const KEY_BYTES = 32;
/** Longer input is refused unhashed. */
const LONGEST_PASSWORD = 1024;

export type PasswordCheck = (user: string, password: string) => Promise<boolean>;

/** Keeps only a salted hash of the password. A wrong user costs the same time as a wrong password. */
export async function createPasswordCheck(user: string, password: string): Promise<PasswordCheck> {
  const salt = randomBytes(16);
  const expected = await derive(password, salt);
  const expectedUser = await derive(user, salt);
  return async (givenUser, givenPassword) => {
    if (givenUser.length > LONGEST_PASSWORD || givenPassword.length > LONGEST_PASSWORD) return false;
    const passwordFits = timingSafeEqual(await derive(givenPassword, salt), expected);
    const userFits = timingSafeEqual(await derive(givenUser, salt), expectedUser);
    return passwordFits && userFits;
  };
}

function derive(text: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(text.normalize('NFC'), salt, KEY_BYTES, SCRYPT, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
