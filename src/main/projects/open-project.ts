import type { LogService } from '../logs/log-service.ts';
import type { StackService } from '../stack/stack-service.ts';
import type { StatsService } from '../stats/stats-service.ts';
import type { TerminalService } from '../terminal/terminal-service.ts';

/** One project and what can be looked at of it. */
export interface OpenProject {
  readonly stack: StackService;
  readonly logs: LogService;
  readonly terminal: TerminalService;
  readonly stats: StatsService;
}

/** The projects that can be worked with now. */
export interface OpenProjects {
  /** @throws AppError `project.unknown` */
  get(projectId: string): OpenProject;
  /** For ids of streams and terminals, which belong to some project. */
  all(): Iterable<OpenProject>;
}

export async function disposeProject({ logs, stack, stats, terminal }: OpenProject): Promise<void> {
  stats.dispose();
  terminal.dispose();
  logs.dispose();
  await stack.dispose();
}
