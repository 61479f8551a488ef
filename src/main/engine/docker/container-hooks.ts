import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { HookDefinition } from '../../compose/definition.ts';
import type { Work } from './container-create.ts';
import { runExec } from './container-exec.ts';
import type { DockerApi } from './docker-api.ts';
import { statusOf } from './engine-errors.ts';

export interface HookRun {
  readonly id: string;
  readonly service: string;
  readonly kind: 'post_start' | 'pre_stop';
  readonly hooks: readonly HookDefinition[] | undefined;
}

/**
 * Runs the hooks one after the other, their output as progress. The first that fails ends the operation, as with
 * Compose: after `post_start` the container goes on, before a stop it is not stopped.
 */
export async function runHooks(
  api: DockerApi,
  { id, service, kind, hooks = [] }: HookRun,
  { signal, report }: Work,
): Promise<void> {
  for (const hook of hooks) {
    const code = await run(api, id, hook, kind, { signal, report });
    if (code === 0) continue;
    const step = hook.command.join(' ');
    throw new AppError(
      kind === 'post_start' ? 'service.start_failed' : 'engine.request_failed',
      phrase('hook_failed', { kind, service, code: code ?? '?', step }),
      {
        hint: 'Read its output above, or try the command in a terminal of the service.',
        params: { service, status: code ?? 0, reason: `${kind}: ${step}` },
      },
    );
  }
}

async function run(
  api: DockerApi,
  id: string,
  { command, user, privileged, working_dir, environment = {} }: HookDefinition,
  kind: HookRun['kind'],
  { signal, report }: Work,
): Promise<number | null> {
  const options = {
    User: user,
    Privileged: privileged,
    WorkingDir: working_dir,
    Env: Object.entries(environment).map(([name, value]) => (value === null ? name : `${name}=${value}`)),
  };
  try {
    return await runExec(api, id, command, signal, options, (output) => report({ output }));
  } catch (error) {
    // It does not run, or not any more: there is nothing to prepare for its stop.
    if (kind === 'pre_stop' && [404, 409].includes(statusOf(error) ?? 0)) return 0;
    throw error;
  }
}
