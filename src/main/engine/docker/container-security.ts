import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';

export interface SecurityOptions {
  readonly options: readonly string[];
  /** `systempaths=unconfined`: nothing of /proc and /sys is masked or read-only. */
  readonly isUnconfined: boolean;
}

const BUILT_IN = ['unconfined', 'builtin'];

/**
 * `security_opt` as the API takes it: a seccomp profile is sent as its contents, read on this machine.
 * Source: `parseSecurityOpts` of docker/compose `pkg/compose/create.go`.
 */
export async function readSecurityOptions(
  service: string,
  workingDir: string,
  written: readonly string[] = [],
): Promise<SecurityOptions | undefined> {
  if (written.length === 0) return undefined;
  const options: string[] = [];
  let isUnconfined = false;
  for (const option of written) {
    if (option === 'systempaths=unconfined') {
      isUnconfined = true;
      continue;
    }
    const [, key = option, value = ''] = /^([^=:]+)[=:](.*)$/s.exec(option) ?? [];
    const isProfile = key === 'seccomp' && !BUILT_IN.includes(value);
    options.push(isProfile ? `seccomp=${await readProfile(service, workingDir, value)}` : option);
  }
  return { options, isUnconfined };
}

async function readProfile(service: string, workingDir: string, path: string): Promise<string> {
  const file = isAbsolute(path) ? path : join(workingDir, path);
  try {
    return JSON.stringify(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new AppError('compose.invalid', phrase('seccomp_unreadable', { file, service }), {
      hint: 'It must be a JSON file on this computer.',
      cause: error,
    });
  }
}
