import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { Credentials } from './credential-helper.ts';
import { knownFault } from './engine-errors.ts';

interface PullFaultContext {
  /** What the registry was asked with. */
  readonly credentials?: Credentials;
  readonly cause?: unknown;
}

/** A reason why an image could not be fetched, with what to do about it. */
export function pullFault(
  reason: string,
  { reference, service }: { readonly reference: string; readonly service: string },
  { credentials, cause }: PullFaultContext = {},
): AppError {
  return (
    knownFault(reason, cause) ??
    new AppError('image.pull_failed', phrase('pull_failed', { image: reference, reason }), {
      hint: pullHint(reason, credentials),
      params: { image: reference, service, reason },
      cause,
    })
  );
}

/** Whether a fault of a build is really that its base image could not be fetched. */
export function isPullFault(reason: string): boolean {
  return /pull access denied|manifest (for .* )?(unknown|not found)|not found: manifest|toomanyrequests|registry.*(refused|no such host|timeout|deadline)|Get "?https?:\/\/[^"]*\/v[12]\/|failed to (authorize|resolve source metadata|load cache key)|insufficient_scope|pulling from host|no basic auth credentials|40[13] (Unauthorized|Forbidden)/i.test(
    reason,
  );
}

/** Faults of the network that pass; a refusal or a name that does not exist will not. */
export function isTransient(reason: string): boolean {
  return /TLS handshake timeout|i\/o timeout|connection reset|unexpected EOF|: EOF$|Client\.Timeout|deadline exceeded|temporary failure|server misbehaving|(status|response).*\b50[0234]\b|Bad Gateway|Service Unavailable|Gateway Time-?out/i.test(
    reason,
  );
}

function pullHint(reason: string, credentials?: Credentials): string {
  if (/toomanyrequests|rate limit/i.test(reason))
    return 'The registry limits pulls: sign in with "docker login", or use a mirror.';
  if (/denied|unauthorized|authentication|authorization|no basic auth|insufficient_scope/i.test(reason))
    return deniedHint(credentials);
  if (/manifest|not found/i.test(reason)) return 'Check the name and the tag of the image.';
  return 'Check the network; behind a proxy or without Docker Hub set a proxy or a registry mirror for the engine.';
}

function deniedHint(credentials: Credentials = { kind: 'none' }): string {
  switch (credentials.kind) {
    case 'found':
      return 'The registry did not accept the saved login: check the name of the image, or run "docker login" again.';
    case 'none':
      return 'Check the name of the image; if it is private, run "docker login" for its registry.';
    case 'failed':
      return `The login could not be read: ${credentials.helper} failed (${credentials.reason}). Repair it, or run "docker login" again.`;
  }
}
