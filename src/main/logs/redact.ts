const MASK = '••••';
/** Shorter ones would blank out ordinary words. */
const MIN_SECRET_CHARS = 6;

/** Every occurrence of a secret becomes `••••`; expects the longest secrets first. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) if (result.includes(secret)) result = result.replaceAll(secret, MASK);
  return result;
}

/** The secrets that the panel knows. What it shows of foreign text goes through here first. */
export class SecretRegistry {
  #secrets: readonly string[] = [];

  /** Replaces all of them. Forms that a secret takes in JSON and in addresses are found as well. */
  set(values: Iterable<string>): void {
    const forms = [...values]
      .filter((value) => value.length >= MIN_SECRET_CHARS)
      .flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]);
    this.#secrets = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  readonly redact = (text: string): string => redactSecrets(text, this.#secrets);
}
