import type { RunRecord } from '../../shared/stack/run-record.ts';
import { type Logger, silentLogger } from '../lifetime/logger.ts';
import type { EngineHub } from './engine-hub.ts';
import type { HashBuildContext } from './hash-builds.ts';
import { Observation } from './observation.ts';
import type { PortProbe } from './preflight.ts';
import { ProjectChoices } from './project-choices.ts';
import { ProjectFiles } from './project-files.ts';
import type { ProjectSource } from './project-source.ts';
import { StackPlanner } from './stack-planner.ts';
import { StackRuns } from './stack-runs.ts';
import { StackView } from './stack-view.ts';

export interface StackServiceDeps {
  /** Shared with other projects; not disposed of here. */
  readonly hub: EngineHub;
  readonly source: ProjectSource;
  readonly ports: PortProbe;
  /** Where projects are locked against other processes; the person's own state directory when absent. */
  readonly lockDirectory?: string;
  /** Hash of a service's build inputs as they are on disk now; absent: images are built only when missing. */
  readonly hashBuildContext?: HashBuildContext;
  readonly openExternal?: (url: string) => Promise<void>;
  readonly openPath?: (path: string) => Promise<void>;
  /** Takes secrets out of what containers and builds say. */
  readonly redact?: (text: string) => string;
  /** Who asks for runs. */
  readonly origin?: NonNullable<RunRecord['origin']>;
  readonly logger?: Logger;
  readonly now?: () => number;
  /** Publishing is coalesced to this; 0 in tests. */
  readonly publishIntervalMs?: number;
}

/** What a project is worked with: its files, what the engine has of it, plans, runs, and what is shown of all that. */
export interface StackParts {
  readonly choices: ProjectChoices;
  readonly files: ProjectFiles;
  readonly observation: Observation;
  readonly planner: StackPlanner;
  readonly runs: StackRuns;
  readonly view: StackView;
}

/** Makes the parts of one project and ties them together: whatever changes ends in the view. */
export function createStackParts(deps: StackServiceDeps): StackParts {
  const { hub, source, logger = silentLogger, now = Date.now, redact = (text) => text } = deps;
  const choices = new ProjectChoices(source);
  const files: ProjectFiles = new ProjectFiles({
    source,
    engineKind: () => hub.engine.kind,
    profiles: () => choices.readProfiles(),
    hashBuildContext: deps.hashBuildContext,
    logger,
    onChange: () => {
      view.changed();
      if (observation.isFollowed) void observation.refresh();
    },
  });
  const observation: Observation = new Observation({
    hub,
    projectName: () => files.name,
    images: () => files.images,
    logger,
    onChange: () => {
      view.changed();
      void runs.lookAtOthers();
    },
  });
  const planner = new StackPlanner({ hub, source, files, observation, ports: deps.ports });
  const runs: StackRuns = new StackRuns({
    hub,
    observation,
    projectName: () => files.readName(),
    runsDirectory: source.runsDirectory,
    lockDirectory: deps.lockDirectory,
    origin: deps.origin ?? 'panel',
    redact,
    logger,
    now,
    onChange: () => view.changed(),
  });
  const intervalMs = deps.publishIntervalMs ?? 50;
  const view = new StackView({ hub, source, files, observation, planner, runs, redact, intervalMs });
  return { choices, files, observation, planner, runs, view };
}
