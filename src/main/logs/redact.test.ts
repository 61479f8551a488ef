import { describe, expect, it } from 'vitest';
import { SecretRegistry } from './redact.ts';

describe('SecretRegistry', () => {
  it('masks secrets everywhere, longer ones first, also in JSON and addresses', () => {
    const secrets = new SecretRegistry();
    secrets.set(['secret-key', 'secret-key-long', 'pa"ss word']);
    expect(secrets.redact('a=secret-key b=secret-key-long secret-key')).toBe('a=•••• b=•••• ••••');
    expect(secrets.redact(JSON.stringify({ p: 'pa"ss word' }))).toBe('{"p":"••••"}');
    expect(secrets.redact('?p=pa%22ss%20word')).toBe('?p=••••');
  });

  it('leaves text alone for secrets that are too short to be ones, and forgets replaced ones', () => {
    const secrets = new SecretRegistry();
    secrets.set(['', 'abc']);
    expect(secrets.redact('abc')).toBe('abc');
    secrets.set(['first-secret']);
    secrets.set(['second-secret']);
    expect(secrets.redact('first-secret second-secret')).toBe('first-secret ••••');
  });
});
