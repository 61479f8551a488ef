import type { DockerContext } from '../../../shared/stack/projects-contract.ts';
import type { EngineKind } from '../../../shared/stack/stack-snapshot.ts';
import type { StackEngine } from '../../engine/stack-engine.ts';

const PROBE_LIMIT_MS = 2500;

export interface EngineMakers {
  /** @param context a Docker context; absent: as the Docker CLI would choose. */
  docker(context?: string): Promise<StackEngine>;
  sandbox(): Promise<StackEngine>;
  /** Docker's contexts; `chosen` is the one of the settings. */
  contexts(chosen: string | undefined): Promise<readonly DockerContext[]>;
}

/** The engine of the settings; `auto` is Docker when one answers now, else the sandbox. */
export async function chooseEngine(
  wanted: EngineKind | 'auto',
  makers: Pick<EngineMakers, 'docker' | 'sandbox'>,
  limitMs = PROBE_LIMIT_MS,
): Promise<StackEngine> {
  if (wanted === 'sandbox') return makers.sandbox();
  if (wanted === 'docker') return makers.docker();
  let docker: StackEngine | undefined;
  try {
    docker = await makers.docker();
    await docker.connect(AbortSignal.timeout(limitMs));
    return docker;
  } catch {
    // Whatever is wrong with it: the sandbox works, and Settings says what to do for Docker.
    await docker?.dispose();
    return makers.sandbox();
  }
}
