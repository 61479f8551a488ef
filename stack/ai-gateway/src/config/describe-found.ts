const MAX_SHOWN = 80;

/** `apiKeySecret` takes the name of a secret, where people put the secret itself; so they do under names that do not exist. */
const SECRET_NAME = /api.?key|secret|password|credential/i;

/**
 * What stands in the place of a wrong value, for a log and a window: never what an object or a list holds, which may be
 * anything that was pasted there, nor the password or the query of an address.
 *
 * @param key of the setting
 */
export function describeFound(value: unknown, key: PropertyKey | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : '[…]';
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? '{}' : '{…}';
  if (SECRET_NAME.test(String(key))) return value === '' ? '""' : '(secret)';
  const text = typeof value === 'string' ? JSON.stringify(withoutSecrets(value)) : String(value);
  return shorten(text);
}

function withoutSecrets(text: string): string {
  return text.includes('//') ? text.replace(/\/\/.*@/s, '//(secret)@').replace(/\?.*/s, '?…') : text;
}

export function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 3)}…` : text;
}
