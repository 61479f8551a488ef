import { GatewayError } from './gateway-error.ts';

/** Nesting of a request body. Schemas of tools are the deepest thing that is sent; theirs has a limit of its own. */
export const MAX_JSON_DEPTH = 100;

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
