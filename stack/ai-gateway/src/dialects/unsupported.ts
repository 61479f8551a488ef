import { GatewayError } from '../gateway-error.ts';
import type { JsonObject } from '../json.ts';

/** What an API knows and no backend here can do. It is refused by name: left out in silence, the answer would be a lie. */
export function unsupported(what: string, param: string, hint?: string): GatewayError {
  return new GatewayError('unsupported', `This gateway cannot ${what}.`, {
    param: param.slice(0, 200),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Refuses the fields that ask for something; null, false and empty lists ask for nothing. */
export function refuseFields(body: JsonObject, sentences: Readonly<Record<string, string>>): void {
  for (const [field, what] of Object.entries(sentences))
    if (asks(body[field])) throw unsupported(what, field);
}

function asks(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  return !Array.isArray(value) || value.length > 0;
}

/** Of APIs that have one answer: a server would make the others, and count them, for nobody. */
export function refuseSeveralAnswers({ n }: JsonObject): void {
  if ((n ?? 1) !== 1) throw unsupported('give several answers to one request of this API ("n")', 'n');
}

/** The fields without those named. */
export function without(body: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)));
}
