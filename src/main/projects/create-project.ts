import { systemPorts } from '../doctor/system-ports.ts';
import type { Logger } from '../lifetime/logger.ts';
import { LogService } from '../logs/log-service.ts';
import type { EngineHub } from '../stack/engine-hub.ts';
import { logInstances, runningInstance } from '../stack/log-instances.ts';
import type { ProjectSource } from '../stack/project-source.ts';
import { StackService } from '../stack/stack-service.ts';
import { StatsService } from '../stats/stats-service.ts';
import { TerminalService } from '../terminal/terminal-service.ts';
import type { OpenProject } from './open-project.ts';

export interface CreateProjectDeps {
  readonly hub: EngineHub;
  readonly openExternal: (url: string) => Promise<void>;
  readonly openPath: (path: string) => Promise<void>;
  readonly redact: (text: string) => string;
  readonly logger: Logger;
}

/** The services of one project; none of them does anything before somebody asks. */
export function createProject(deps: CreateProjectDeps, source: ProjectSource): OpenProject {
  const { hub, logger, redact } = deps;
  const stack = new StackService({
    hub,
    source,
    ports: systemPorts,
    // Loaded when there is something to build: it brings the tar and ignore libraries along.
    hashBuildContext: async (...input) =>
      (await import('../engine/docker/build-hash.ts')).hashBuild(...input),
    openExternal: deps.openExternal,
    openPath: deps.openPath,
    redact,
    logger,
  });
  const engine = () => hub.engine;
  return {
    stack,
    logs: new LogService({
      engine,
      subscribeInstances: (signal) => mapEach(stack.subscribe(signal), logInstances),
      redact,
      logger,
    }),
    terminal: new TerminalService({
      engine,
      findInstance: async (service, instance) => {
        const snapshot = await stack.observedSnapshot();
        return runningInstance(snapshot, service, instance);
      },
    }),
    stats: new StatsService({ engine, projectName: () => stack.projectName, logger }),
  };
}

async function* mapEach<T, U>(values: AsyncIterable<T>, map: (value: T) => U): AsyncGenerator<U, void, void> {
  for await (const value of values) yield map(value);
}
