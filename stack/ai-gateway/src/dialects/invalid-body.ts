import type { z } from 'zod';
import { GatewayError } from '../gateway-error.ts';
import { isJsonObject } from '../json.ts';

/** Says which field of a body is not as the API wants it. `required` names what no body can be without. */
export function invalidBody(error: z.ZodError, body: unknown, required: string): GatewayError {
  if (!isJsonObject(body))
    return new GatewayError('invalid_request', `The request body must be a JSON object with ${required}.`);
  const { message, path } = deepest(error.issues, []);
  return invalidField(path.map(String).join('.'), message);
}

export function invalidField(param: string, reason: string): GatewayError {
  const name = param.slice(0, 200);
  return new GatewayError('invalid_request', `"${name}" is not as the API wants it: ${reason}.`, {
    param: name,
  });
}

interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of a union it is the form which came closest that tells what is wrong: the one whose fault lies deepest. */
function deepest(issues: readonly z.core.$ZodIssue[], base: readonly PropertyKey[]): Finding {
  const issue = issues[0];
  if (issue === undefined) return { path: base, message: 'invalid' };
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { path, message: issue.message };
  const findings = issue.errors.map((form) => deepest(form, path));
  const closest = findings.reduce((best, one) => (one.path.length > best.path.length ? one : best));
  if (closest.path.length > path.length) return closest;
  return { path, message: [...new Set(findings.map(({ message }) => message))].slice(0, 4).join('; or ') };
}
