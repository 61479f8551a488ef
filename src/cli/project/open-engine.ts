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

/** `--context` wins over `DOCKER_HOST`, that over `DOCKER_CONTEXT`, as for Docker's own CLI. Undefined: what the CLI has chosen. */
export function chosenContext({ env, globals }: CliContext): string | undefined {
  return globals.context || (env.DOCKER_HOST ? undefined : env.DOCKER_CONTEXT || undefined);
}

/** Not connected yet. */
export async function createEngine(context: CliContext): Promise<StackEngine> {
  // Loaded when a command needs it: help, config and usage errors do not.
  const { DockerEngine } = await import('../../main/engine/docker/docker-engine.ts');
  const named = chosenContext(context);
  return new DockerEngine(named === undefined ? {} : { context: named });
}
