import type { AppEvent } from '../../shared/app/app-contract.ts';
import type { ModelsSnapshot } from '../../shared/models/models-contract.ts';
import type { SettingsSnapshot } from '../../shared/settings/settings-contract.ts';
import type { SkillsSnapshot } from '../../shared/skills/skills-contract.ts';
import type { ProjectSummary } from '../../shared/stack/projects-contract.ts';
import type { StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { Topic } from './topic.ts';

/** The state behind a fake client; a test publishes to it what main would. */
export interface FakeWorld {
  readonly stack: Topic<StackSnapshot>;
  /** Of the projects beside the workspace, by id. */
  readonly stacks: ReadonlyMap<string, Topic<StackSnapshot>>;
  readonly projects: Topic<{ projects: ProjectSummary[] }>;
  readonly skills: Topic<SkillsSnapshot>;
  readonly models: Topic<ModelsSnapshot>;
  readonly settings: Topic<SettingsSnapshot>;
  readonly events: Topic<AppEvent | undefined>;
  /** Names of the calls made, with their input, in order. */
  readonly calls: { readonly name: string; readonly input: unknown }[];
}

export function record(world: FakeWorld, name: string, input: unknown): Record<string, never> {
  world.calls.push({ name, input });
  return {};
}
