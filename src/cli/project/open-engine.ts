import type { StackEngine } from '../../main/engine/stack-engine.ts';
import type { CliContext } from '../cli-context.ts';

/** An engine that answered; ended with `work`. */
export async function withEngine<T>(
  context: CliContext,
  work: (engine: StackEngine) => Promise<T>,
): Promise<T> {
  const engine = await createEngine(context);
  try {
    await engine.connect(context.signal);
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}

/** Not connected yet. `--context` wins over `DOCKER_HOST`, that over `DOCKER_CONTEXT`, as for Docker's own CLI. */
export async function createEngine({ env, globals }: CliContext): Promise<StackEngine> {
  // Loaded when a command needs it: help, config and usage errors do not.
  const { DockerEngine } = await import('../../main/engine/docker/docker-engine.ts');
  const named = globals.context ?? (env.DOCKER_HOST ? undefined : env.DOCKER_CONTEXT);
  return new DockerEngine(named === undefined || named === '' ? {} : { context: named });
}
