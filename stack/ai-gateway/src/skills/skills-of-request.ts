import type { SkillSelection } from '@skilldeck/agent-skills';
import type { Backend } from '../backends/backend.ts';
import type { Candidate } from '../backends/backend-pool.ts';
import type { Gateway } from '../gateway.ts';
import type { ChatGeneration } from '../pipeline/generation-request.ts';
import { type AppliedSkills, applySkills } from './apply-skills.ts';
import { callsToolsWell, chooseActivation } from './choose-activation.ts';
import type { SkillSnapshot } from './skill-snapshot.ts';
import { SkillTools } from './skill-tools.ts';

export interface RequestSkills extends AppliedSkills {
  /** The one that is asked first: its tokenizer counts. */
  readonly backend: Backend | undefined;
  /** For one answer of a model that takes its skills itself. */
  readonly begin: (onActivated: (skill: string) => void) => Taking;
}

export interface Taking {
  readonly tools: SkillTools;
  /** A call of such an answer as a candidate gets it: one that cannot take skills itself gets those that match. */
  readonly requestFor: (call: ChatGeneration, candidate: Candidate) => ChatGeneration;
}

/** Applies the skills that a chat request chooses, as its settings and the model that is asked first allow. */
export function skillsOfRequest(
  gateway: Gateway,
  snapshot: SkillSnapshot,
  request: ChatGeneration,
  chosen: SkillSelection | undefined,
): RequestSkills {
  const { skills: settings, skillsDir: root } = gateway.config.config;
  // Nobody where there is nothing to apply, or nobody can be asked, which is told when the request is sent.
  const [first] = snapshot.skills.length === 0 ? [] : gateway.pool.candidatesOf(request.model);
  const tokensOf = (text: string): number => gateway.tokens.of(text, first?.backend);
  const isAble = (candidate: Candidate): boolean =>
    settings.activation === 'tool' ||
    (settings.activation === 'auto' && callsToolsWell(gateway.pool, candidate));
  const apply = (activation: 'lexical' | 'tool'): AppliedSkills =>
    applySkills(snapshot, chosen ?? settings.default, request.messages, {
      ...settings,
      activation,
      tokensOf,
    });

  const isAsTool = first === undefined ? settings.activation === 'tool' : isAble(first);
  const applied = apply(chooseActivation(isAsTool ? 'tool' : 'lexical', request.fields));
  const begin = (onActivated: (skill: string) => void): Taking => {
    const names = applied.skills.map(({ name }) => name);
    const used = applied.skills.reduce((sum, { tokens }) => sum + tokens, 0);
    const budget = { tokens: settings.maxTokens - used, tokensOf };
    return {
      tools: new SkillTools({
        snapshot,
        root,
        resources: gateway.skills.resources,
        active: names,
        budget,
        onActivated,
      }),
      requestFor: (call, candidate) => {
        if (isAble(candidate)) return call;
        const { fields } = request;
        // It goes on from what an abler model has taken before.
        if (call.messages !== applied.messages) return { ...call, fields };
        const matched = apply('lexical');
        for (const { name } of matched.skills) if (!names.includes(name)) onActivated(name);
        return { ...call, fields, messages: matched.messages };
      },
    };
  };
  return { ...applied, backend: first?.backend, begin };
}
