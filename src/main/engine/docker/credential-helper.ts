import { delimiter } from 'node:path';
import type { RegistryAuth } from './registry-config.ts';
import { serverAddressOf } from './registry-name.ts';
import type { RunBounded } from './run-bounded.ts';

/** A keychain may have to ask the person for a password. */
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 64 * 1024;
/** Where helpers are when the app was started from a desktop, whose search path is short. */
const USUAL_FOLDERS = [
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/Applications/Docker.app/Contents/Resources/bin',
];

export type Credentials =
  | { readonly kind: 'found'; readonly auth: RegistryAuth }
  | { readonly kind: 'none' }
  /** `reason` is ours, never what the helper said: that may hold a secret. */
  | { readonly kind: 'failed'; readonly helper: string; readonly reason: string };

export interface HelperDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly run: RunBounded;
}

/** Asks `docker-credential-<helper> get`; that it knows nothing of the registry is no fault. */
export async function askCredentialHelper(
  helper: string,
  registry: string,
  { env, platform, run }: HelperDeps,
  signal: AbortSignal,
): Promise<Credentials> {
  const program = `docker-credential-${helper}${platform === 'win32' ? '.exe' : ''}`;
  const end = await run({
    program,
    args: ['get'],
    input: `${serverAddressOf(registry)}\n`,
    env: platform === 'win32' ? env : { ...env, PATH: [env.PATH ?? '', ...USUAL_FOLDERS].join(delimiter) },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    signal,
  });
  const failed = (reason: string): Credentials => ({ kind: 'failed', helper: program, reason });
  switch (end.kind) {
    case 'exited':
      if (end.code === 0) return readAnswer(end.stdout, registry) ?? failed('its answer cannot be read');
      // The protocol has no codes, only these sentences.
      return /credentials not found|no credentials server URL/i.test(end.stdout)
        ? { kind: 'none' }
        : failed(`it ended with ${end.code}`);
    case 'missing':
      return failed('it is not installed');
    case 'timeout':
      return failed('it did not answer in time');
    case 'too-much-output':
      return failed('its answer is too long');
    case 'cancelled':
      return failed('it was cancelled');
  }
}

function readAnswer(stdout: string, registry: string): Credentials | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch {
    return undefined;
  }
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { Username: username, Secret: secret } = answer as Record<string, unknown>;
  if (typeof username !== 'string' || typeof secret !== 'string') return undefined;
  if (secret === '') return { kind: 'none' };
  const serveraddress = serverAddressOf(registry);
  const auth =
    username === '<token>'
      ? { serveraddress, identitytoken: secret }
      : { serveraddress, username, password: secret };
  return { kind: 'found', auth };
}
