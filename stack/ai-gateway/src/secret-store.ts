/** Secrets by name, in memory only: they are never written, logged or told to anyone but the backend that needs them. */
export class SecretStore {
  readonly #values = new Map<string, string>();

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** An empty value removes the secret. */
  set(name: string, value: string): void {
    if (value === '') this.#values.delete(name);
    else this.#values.set(name, value);
  }

  names(): string[] {
    return [...this.#values.keys()].sort();
  }
}
