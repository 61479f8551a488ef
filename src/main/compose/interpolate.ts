/** What `$VAR` refers to; undefined when it is not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The same where the sources are several. */
export type LookUp = (name: string) => string | undefined;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /:?[-?+]/y;
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
 * ${VAR+other}`, nested, and `$$` for a dollar sign. A dollar sign before anything else stands for itself.
 * Unset variables are empty.
 *
 * @param onUnset told each variable that is not set and has no default: Compose warns of those.
 * @throws InterpolationError
 */
export function interpolate(
  text: string,
  lookUp: LookUp,
  onUnset: (name: string) => void = () => {},
): string {
  if (!text.includes('$')) return text;
  return new Interpolator(text, lookUp, onUnset).run();
}

class Interpolator {
  readonly #whole: string;
  readonly #lookUp: LookUp;
  readonly #onUnset: (name: string) => void;

  constructor(text: string, lookUp: LookUp, onUnset: (name: string) => void) {
    this.#whole = text;
    this.#lookUp = lookUp;
    this.#onUnset = onUnset;
  }

  run(): string {
    return this.#fill(this.#whole, 0);
  }

  #fill(text: string, depth: number): string {
    if (depth > MAX_DEPTH) throw this.#syntax(text, 0);
    let out = '';
    let position = 0;
    const line: Line = { end: -1, lastBrace: -1 };
    for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', position)) {
      out += text.slice(position, at);
      const next = text[at + 1];
      if (next === '$') {
        out += '$';
        position = at + 2;
      } else if (next === '{') {
        const braced = this.#braced(text, at, depth, line);
        out += braced.value;
        position = braced.end;
      } else {
        const name = matchAt(NAME, text, at + 1);
        out += name === '' ? '$' : this.#plain(name);
        position = at + 1 + name.length;
      }
      if (out.length > MAX_OUTPUT_CHARS) throw this.#syntax(text, 0);
    }
    return out + text.slice(position);
  }

  #braced(
    text: string,
    start: number,
    depth: number,
    line: Line,
  ): { readonly value: string; readonly end: number } {
    const name = matchAt(NAME, text, start + 2);
    const after = start + 2 + name.length;
    if (name === '') throw this.#syntax(text, start);
    if (text[after] === '}') return { value: this.#plain(name), end: after + 1 };
    const operator = matchAt(OPERATOR, text, after);
    const last = lastBraceOfLine(text, after, line);
    if (operator === '' || last < after) throw this.#syntax(text, start);
    const end = closingBrace(text, start, last);
    // Filled in whether it applies or not: a required variable inside it is required, too.
    const word = this.#fill(text.slice(after + operator.length, end), depth + 1);
    return { value: this.#applied(name, operator, word), end: end + 1 };
  }

  #applied(name: string, operator: string, word: string): string {
    const value = this.#lookUp(name);
    const isSet = value !== undefined && (!operator.startsWith(':') || value !== '');
    if (operator.endsWith('?') && !isSet)
      throw new InterpolationError({ kind: 'required', variable: name, text: word });
    if (operator.endsWith('-')) return isSet ? value : word;
    if (operator.endsWith('+')) return isSet ? word : (value ?? '');
    return value ?? '';
  }

  #plain(name: string): string {
    const value = this.#lookUp(name);
    if (value === undefined) this.#onUnset(name);
    return value ?? '';
  }

  #syntax(text: string, start: number): InterpolationError {
    return new InterpolationError({ kind: 'syntax', found: text.slice(start, start + 60) });
  }
}

function matchAt(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? '';
}

/** The line that was looked at last: found once, however many variables it has. */
interface Line {
  end: number;
  lastBrace: number;
}

/** Compose's pattern takes in all up to the last brace of the line; only what stands before counts. */
function lastBraceOfLine(text: string, from: number, line: Line): number {
  if (from > line.end) {
    const newline = text.indexOf('\n', from);
    line.end = newline === -1 ? text.length : newline;
    line.lastBrace = text.lastIndexOf('}', line.end);
  }
  return line.lastBrace;
}

/** The brace that closes the one after `start`, counted as Compose counts: the character after `{` is passed over. */
function closingBrace(text: string, start: number, last: number): number {
  let open = 0;
  for (let i = start; i <= last; i += 1) {
    if (text[i] === '}') {
      open -= 1;
      if (open === 0) return i;
    } else if (text[i] === '{') {
      open += 1;
      i += 1;
    }
  }
  return last;
}
