import type { SkillSelection } from '@skilldeck/agent-skills';
import type { Backend } from '../backends/backend.ts';
import type { Gateway } from '../gateway.ts';
import type { ChatGeneration } from '../pipeline/generation-request.ts';
import { type AppliedSkills, applySkills } from './apply-skills.ts';
import { callsToolsWell, chooseActivation } from './choose-activation.ts';
import type { SkillSnapshot } from './skill-snapshot.ts';
import { SkillTools } from './skill-tools.ts';

export interface RequestSkills extends AppliedSkills {
  /** The one that is asked first: its tokenizer counts. */
  readonly backend: Backend | undefined;
  /** What the model takes skills with where it does so itself, for one answer. */
  readonly openTools: (onActivated: (skill: string) => void) => SkillTools;
}

/** Applies the skills that a chat request chooses, as its settings and the models that may answer it allow. */
export function skillsOfRequest(
  gateway: Gateway,
  snapshot: SkillSnapshot,
  request: ChatGeneration,
  chosen: SkillSelection | undefined,
): RequestSkills {
  const settings = gateway.config.config.skills;
  // Nobody who can be asked is told when the request is sent.
  const candidates = gateway.pool.candidatesOf(request.model);
  const backend = candidates[0]?.backend;
  const tokensOf = (text: string): number => gateway.tokens.of(text, backend);
  // Any of them may have to answer in the end, and the cache keeps one answer for all.
  const isAble = candidates.length > 0 && candidates.every((one) => callsToolsWell(gateway.pool, one));
  const wanted = settings.activation === 'auto' ? (isAble ? 'tool' : 'lexical') : settings.activation;
  const activation = chooseActivation(wanted, request.fields);
  const options = { ...settings, activation, tokensOf };
  const applied = applySkills(snapshot, chosen ?? settings.default, request.messages, options);
  const left = settings.maxTokens - applied.skills.reduce((sum, { tokens }) => sum + tokens, 0);
  const openTools = (onActivated: (skill: string) => void): SkillTools =>
    new SkillTools({
      snapshot,
      root: gateway.config.config.skillsDir,
      active: applied.skills.map(({ name }) => name),
      budget: { tokens: left, tokensOf },
      onActivated,
    });
  return { ...applied, backend, openTools };
}
