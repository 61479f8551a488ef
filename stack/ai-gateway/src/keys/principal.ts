import type { KeyScope, SkillSelection } from '@skilldeck/agent-skills';
import type { Priority } from '../pipeline/generation-request.ts';

/** What a request asks for. `admin` is given to no key of others. */
export type Scope = KeyScope | 'admin';

/** On whose behalf a request is made. */
export interface Principal {
  /** Stable and harmless: part of logs, metrics, the cache's key and the queue's fairness. Never the key itself. */
  readonly id: string;
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Share of the slots beside others that wait; 1 is usual. */
  readonly weight: number;
  readonly priority: Priority;
  /** What a request without the field `skills` means; undefined: what the configuration says. */
  readonly skills: SkillSelection | undefined;
  /** Names that may be asked for; undefined: all. */
  readonly models: readonly string[] | undefined;
}

/** Everybody, while no key is asked for; and whoever has the gateway's one key. */
export const OWNER: Principal = {
  id: 'owner',
  name: 'owner',
  scopes: new Set<Scope>(['inference', 'models', 'admin']),
  weight: 1,
  priority: 'interactive',
  skills: undefined,
  models: undefined,
};
