import type { SkillSummary, SkillsSnapshot } from '../../../shared/skills/skills-contract.ts';
import type { OpenSkill } from './skill-documents.ts';
import { isDirty } from './skill-documents.ts';

/** The sentence of the proof bar, as a key of the language file with its parameters. */
export interface ProofLine {
  readonly tone: 'ok' | 'warn' | 'idle' | 'busy';
  readonly key:
    | 'clean'
    | 'cleanLive'
    | 'cleanOffline'
    | 'cleanLastGood'
    | 'cleanNotLoaded'
    | 'editing'
    | 'saving'
    | 'live'
    | 'lastGood'
    | 'notRunning'
    | 'gatewayFailed';
  readonly generation?: number;
  readonly ms?: number;
  readonly message?: string;
}

/** Says what is true now: of the save that was just made, else of the text, else of what the gateway holds. */
export function describeSave(
  skill: OpenSkill,
  summary: SkillSummary | undefined,
  gateway: SkillsSnapshot['gateway'] | undefined,
): ProofLine {
  if (skill.save.kind === 'saving') return { tone: 'busy', key: 'saving' };
  if (isDirty(skill)) return { tone: 'idle', key: 'editing' };
  if (skill.save.kind !== 'saved') return describeDisk(summary, gateway);
  const { proof } = skill.save;
  switch (proof.kind) {
    case 'live':
      return { tone: 'ok', key: 'live', generation: proof.generation, ms: Math.round(proof.elapsedMs) };
    case 'last_good':
      return { tone: 'warn', key: 'lastGood', generation: proof.generation };
    case 'gateway_not_running':
      return { tone: 'idle', key: 'notRunning' };
    case 'gateway_failed':
      return { tone: 'warn', key: 'gatewayFailed', message: proof.message };
  }
}

function describeDisk(
  summary: SkillSummary | undefined,
  gateway: SkillsSnapshot['gateway'] | undefined,
): ProofLine {
  if (gateway?.kind !== 'live')
    return { tone: 'idle', key: gateway === undefined ? 'clean' : 'cleanOffline' };
  switch (summary?.live) {
    case 'live':
      return { tone: 'ok', key: 'cleanLive', generation: gateway.generation };
    case 'last_good':
      return { tone: 'warn', key: 'cleanLastGood' };
    case 'not_loaded':
      return { tone: 'warn', key: 'cleanNotLoaded' };
    default:
      return { tone: 'idle', key: 'clean' };
  }
}
