import { GatewayError } from './gateway-error.ts';

/** Nesting of a request body. Schemas of tools are the deepest thing that is sent; theirs has a limit of its own. */
export const MAX_JSON_DEPTH = 100;

/** Objects and lists of one body: `[{},{},…]` takes fifty times its bytes in memory. Braces inside of texts count, too. */
export const MAX_JSON_CONTAINERS = 1_000_000;

const MAY_NAME_PROTO = /__proto__|\\u005f/i;

/**
 * Reads a request body. An empty one is undefined.
 *
 * The key `__proto__` is left out wherever it stands: nothing here would be harmed by it, but upstreams get what is left.
 *
 * @throws GatewayError `invalid_request`
 */
export function parseJsonBody(text: string): unknown {
  if (text === '') return undefined;
  // Fewer characters cannot open so many.
  if (text.length > 2 * MAX_JSON_CONTAINERS && opensTooMany(text))
    throw new GatewayError(
      'invalid_request',
      `The request body holds more than ${MAX_JSON_CONTAINERS} objects and lists.`,
    );
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GatewayError('invalid_request', `The request body is not valid JSON: ${reason}.`);
  }
  walk(body, 1, MAY_NAME_PROTO.test(text));
  return body;
}

const BRACE = 0x7b;
const BRACKET = 0x5b;

function opensTooMany(text: string): boolean {
  let left = MAX_JSON_CONTAINERS;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BRACE || code === BRACKET) left -= 1;
  }
  return left < 0;
}

function walk(value: unknown, depth: number, dropsProto: boolean): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_JSON_DEPTH)
    throw new GatewayError(
      'invalid_request',
      `The request body is nested deeper than ${MAX_JSON_DEPTH} levels.`,
    );
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') walk(item, depth + 1, dropsProto);
    return;
  }
  if (dropsProto && Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (typeof item === 'object') walk(item, depth + 1, dropsProto);
  }
}
