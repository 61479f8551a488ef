import type { z } from 'zod';
import { GatewayError } from '../gateway-error.ts';
import { isJsonObject } from '../json.ts';

/** Says which field of a body is not as the API wants it. `required` names what no body can be without. */
export function invalidBody(error: z.ZodError, body: unknown, required: string): GatewayError {
  if (!isJsonObject(body))
    return new GatewayError('invalid_request', `The request body must be a JSON object with ${required}.`);
  const issue = error.issues[0];
  const param = issue?.path.map(String).join('.') ?? '';
  const reason = issue?.message ?? 'invalid';
  return new GatewayError('invalid_request', `"${param}" is not as the API wants it: ${reason}.`, { param });
}
