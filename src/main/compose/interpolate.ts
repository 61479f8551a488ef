/** What `$VAR` refers to; undefined when it is not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /:-|:\?|:\+|-|\?|\+/y;
const MAX_DEPTH = 32;
const MAX_OUTPUT_CHARS = 1024 * 1024;

export type InterpolationFault =
  | { readonly kind: 'syntax'; readonly found: string }
  | { readonly kind: 'required'; readonly variable: string; readonly text: string };

/** Thrown inside this folder only: the caller knows the place and makes a coded error of it. */
export class InterpolationError extends Error {
  override readonly name = 'InterpolationError';
  readonly fault: InterpolationFault;

  constructor(fault: InterpolationFault) {
    super(fault.kind);
    this.fault = fault;
  }
}

/** `toString` is a name like any other: what every object has is no variable. */
export function variable(variables: Variables, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/**
 * Compose's grammar: `$VAR ${VAR} ${VAR:-default} ${VAR-default} ${VAR:?error} ${VAR?error} ${VAR:+other}
 * ${VAR+other}`, nested, and `$$` for a dollar sign. Unset variables are empty.
 */
export function interpolate(text: string, variables: Variables): string {
  if (!text.includes('$')) return text;
  return new Interpolator(text, variables).run();
}

class Interpolator {
  readonly #text: string;
  readonly #variables: Variables;
  #position = 0;

  constructor(text: string, variables: Variables) {
    this.#text = text;
    this.#variables = variables;
  }

  run(): string {
    return this.#until(false, 0, true);
  }

  /** @param used false inside a default that does not apply: it is read over, and its own `:?` does not fail. */
  #until(brace: boolean, depth: number, used: boolean): string {
    if (depth > MAX_DEPTH) throw this.#syntax(0);
    let out = '';
    while (this.#position < this.#text.length) {
      const char = this.#text[this.#position];
      if (brace && char === '}') return out;
      this.#position += 1;
      out += char === '$' ? this.#dollar(depth, used) : char;
      if (out.length > MAX_OUTPUT_CHARS) throw this.#syntax(0);
    }
    if (brace) throw this.#syntax(0);
    return out;
  }

  #dollar(depth: number, used: boolean): string {
    const start = this.#position - 1;
    const next = this.#text[this.#position];
    if (next === '$') {
      this.#position += 1;
      return '$';
    }
    if (next === '{') {
      this.#position += 1;
      return this.#braced(start, depth, used);
    }
    const name = this.#match(NAME);
    if (name === undefined) throw this.#syntax(start);
    return variable(this.#variables, name) ?? '';
  }

  #braced(start: number, depth: number, used: boolean): string {
    const name = this.#match(NAME);
    if (name === undefined) throw this.#syntax(start);
    const operator = this.#match(OPERATOR);
    const value = variable(this.#variables, name);
    const isSet = value !== undefined && (operator?.startsWith(':') !== true || value !== '');
    const wantsWord = operator?.endsWith('+') === true ? isSet : !isSet;
    const word = operator === undefined ? '' : this.#until(true, depth + 1, used && wantsWord);
    if (this.#text[this.#position] !== '}') throw this.#syntax(start);
    this.#position += 1;
    if (operator === undefined) return value ?? '';
    if (operator.endsWith('?')) {
      if (!isSet && used) throw new InterpolationError({ kind: 'required', variable: name, text: word });
      return value ?? '';
    }
    if (operator.endsWith('+')) return isSet ? word : '';
    return isSet ? (value ?? '') : word;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#position += found.length;
    return found;
  }

  #syntax(start: number): InterpolationError {
    return new InterpolationError({ kind: 'syntax', found: this.#text.slice(start, start + 60) });
  }
}
