import { inEnglish, type Phrase, phrase } from '../../../shared/errors/phrases/phrase.ts';
import { BUILDKIT_LIMITS, compareApiVersions } from './api-version.ts';
import type { Refuse } from './build-inputs.ts';
import type { BuildJob } from './build-run.ts';

export interface EngineAbilities {
  readonly hasBuildKit: boolean;
  /** Absent: the newest. */
  readonly apiVersion?: string | undefined;
}

export interface BuilderChoice {
  readonly kind: 'buildkit' | 'classic';
  /** Why it is not BuildKit although the engine has it. */
  readonly note?: string;
}

type Need = readonly [key: string, reason: Phrase];

/** BuildKit, unless only the classic builder can do what is asked; what neither can do is refused by name. */
export function chooseBuilder(
  job: BuildJob,
  { hasBuildKit, apiVersion }: EngineAbilities,
  refuse: Refuse,
): BuilderChoice {
  const onlyBuildKit = needOfBuildKit(job);
  if (!hasBuildKit) {
    if (onlyBuildKit) throw refuse(onlyBuildKit, phrase('build_needs_buildkit'));
    return { kind: 'classic' };
  }
  const onlyClassic = needOfClassic(job, apiVersion);
  if (!onlyClassic) return { kind: 'buildkit' };
  const [key, reason] = onlyClassic;
  if (onlyBuildKit) throw refuse(key, phrase('build_not_together', { reason, key: onlyBuildKit }));
  return { kind: 'classic', note: `Built without BuildKit: build.${key}: ${inEnglish(reason)}.` };
}

function needOfBuildKit({ secrets, ssh }: BuildJob): string | undefined {
  if (secrets.length > 0) return 'secrets';
  return ssh.length > 0 ? 'ssh' : undefined;
}

function needOfClassic(
  { network, shmSizeBytes, ulimits }: BuildJob,
  apiVersion: string | undefined,
): Need | undefined {
  if (network !== undefined && !['default', 'none', 'host'].includes(network))
    return ['network', phrase('build_cannot_join', { network })];
  if (apiVersion === undefined || compareApiVersions(apiVersion, BUILDKIT_LIMITS) >= 0) return undefined;
  if (shmSizeBytes !== undefined) return ['shm_size', phrase('build_unknown_to_buildkit')];
  return ulimits.length > 0 ? ['ulimits', phrase('build_unknown_to_buildkit')] : undefined;
}
