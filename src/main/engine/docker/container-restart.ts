import type { ServiceDefinition } from '../../compose/definition.ts';

interface ApiRestartPolicy {
  readonly Name: string;
  readonly MaximumRetryCount: number;
}

/** The words of `deploy.restart_policy` in the engine's. */
const NAMES: Readonly<Record<string, string>> = { none: 'no', any: 'always' };

/** `deploy.restart_policy` wins over `restart`, as in Compose. */
export function restartPolicy({ restart, deploy }: ServiceDefinition): ApiRestartPolicy | undefined {
  const policy = deploy?.restart_policy;
  if (policy !== undefined) return named(policy.condition ?? '', policy.max_attempts ?? 0);
  if (restart === undefined || restart === '') return undefined;
  const [name = '', attempts = ''] = restart.split(':');
  return named(name, Number.parseInt(attempts, 10) || 0);
}

function named(condition: string, MaximumRetryCount: number): ApiRestartPolicy {
  return { Name: NAMES[condition] ?? condition, MaximumRetryCount };
}
