import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { Located } from './located.ts';
import type { SandboxSpec, SkilldeckExtension } from './project.ts';
import { asDuration, asNamedTexts, asText, asWhole, asWords, MapReader, oneOf } from './read-values.ts';

/** `x-skilldeck` on a service. Ours, so it is as strict as the rest of the file. */
export function readExtension(node: Located | undefined): SkilldeckExtension {
  if (node === undefined) return { role: 'other' };
  const map = new MapReader(node, ['role', 'sandbox']);
  const role = map.or('role', 'other' as const, (value) =>
    oneOf(value, ['gateway', 'file-manager', 'proxy', 'other'] as const),
  );
  const sandbox = map.get('sandbox');
  if (sandbox === undefined || (sandbox.kind === 'scalar' && sandbox.value === false)) return { role };
  return { role, sandbox: readSandbox(sandbox) };
}

function readSandbox(node: Located): SandboxSpec {
  const map = new MapReader(node, ['command', 'working_dir', 'environment', 'health']);
  return {
    command: map.required('command', phrase('command_words'), asWords),
    workingDir: map.required('working_dir', phrase('folder_of_bundle'), asText),
    environment: map.or('environment', {}, asNamedTexts),
    ...map.optional('health', 'health', readHealth),
  };
}

function readHealth(node: Located): NonNullable<SandboxSpec['health']> {
  const map = new MapReader(node, ['http', 'interval', 'timeout', 'retries']);
  return {
    http: map.required('http', phrase('address'), asText),
    intervalMs: map.or('interval', 2000, asDuration),
    timeoutMs: map.or('timeout', 2000, asDuration),
    retries: map.or('retries', 10, asWhole),
  };
}
