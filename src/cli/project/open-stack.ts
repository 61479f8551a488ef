import { systemPorts } from '../../main/doctor/system-ports.ts';
import { EngineHub } from '../../main/stack/engine-hub.ts';
import { StackService } from '../../main/stack/stack-service.ts';
import { AppError, fromAppErrorData } from '../../shared/errors/app-error.ts';
import type { CliContext } from '../cli-context.ts';
import { cliSource } from './cli-source.ts';
import { createEngine } from './open-engine.ts';

/** The panel's own service on this project, its files read and its engine connected; ended with `work`. */
export async function withStack<T>(
  context: CliContext,
  work: (stack: StackService) => Promise<T>,
): Promise<T> {
  const hub = new EngineHub({ engine: await createEngine(context) });
  const stack = new StackService({
    hub,
    source: cliSource(context),
    ports: systemPorts,
    origin: 'cli',
    // Loaded when there is something to build: it brings the tar and ignore libraries along.
    hashBuildContext: async (...input) =>
      (await import('../../main/engine/docker/build-hash.ts')).hashBuild(...input),
  });
  try {
    await stack.open();
    // The connection is being made meanwhile.
    await stack.reloadProject();
    await hub.ready(context.signal);
    return await work(stack);
  } finally {
    await stack.dispose();
    await hub.dispose();
  }
}

/** For what cannot be done without readable files. @throws AppError that says what is wrong with them. */
export function requireProject(stack: StackService): NonNullable<StackService['project']> {
  const { project, snapshot } = stack;
  if (project !== undefined) return project;
  throw snapshot.projectError === undefined
    ? new AppError('internal', 'The project has not been read.')
    : fromAppErrorData(snapshot.projectError);
}
