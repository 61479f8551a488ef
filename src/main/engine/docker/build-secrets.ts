import { resolve } from 'node:path';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { BuildDefinition } from '../../compose/definition.ts';
import type { Project } from '../../compose/project.ts';
import type { Refuse } from './build-inputs.ts';
import type { BuildSecret } from './buildkit/session-secrets.ts';
import type { SshAgent } from './buildkit/session-ssh.ts';

/** What `RUN --mount=type=secret` may read; the Dockerfile says where it is mounted and for whom. */
export function readSecrets(
  { secrets = [] }: BuildDefinition,
  project: Project,
  refuse: Refuse,
): readonly BuildSecret[] {
  return secrets.map(({ source = '', target }) => {
    const id = target || source;
    const secret = project.secrets?.[source];
    if (!secret) throw refuse('secrets', phrase('build_no_secret', { source }));
    if (secret.external) throw refuse('secrets', phrase('build_secret_external', { source }));
    if (secret.environment)
      return { id, kind: 'value', value: project.variables?.[secret.environment] ?? '' };
    if (secret.content !== undefined) return { id, kind: 'value', value: secret.content };
    if (secret.file) return { id, kind: 'file', path: resolve(project.workingDir, secret.file) };
    throw refuse('secrets', phrase('build_secret_empty', { source }));
  });
}

/** `default`, `default=/path/of/agent.sock` or `id=/path/of/agent.sock`. */
export function readSshAgents(
  { ssh = [] }: BuildDefinition,
  variables: Readonly<Record<string, string | undefined>>,
  refuse: Refuse,
): readonly SshAgent[] {
  return ssh.map((entry) => {
    const at = entry.indexOf('=');
    const id = at === -1 ? entry : entry.slice(0, at);
    const socket = (at === -1 ? '' : entry.slice(at + 1)) || variables.SSH_AUTH_SOCK;
    if (!socket) throw refuse('ssh', phrase('build_no_ssh_agent'));
    return { id, socket };
  });
}
