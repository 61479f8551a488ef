import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import { sha256 } from '../compose/canonical/sha256.ts';
import type { Service } from '../compose/project.ts';
import { canonicalJson } from './canonical-json.ts';
import { instanceConfig } from './config-hash.ts';
import { MOUNTS_HASH_LABEL } from './mounts-label.ts';
import { isSecret, maskSecret } from './secret-values.ts';

/** Flat: `environment.PORT` → `8080`. Values as a person reads them, secrets masked. */
export type ConfigDigest = Readonly<Record<string, string>>;

const MAX_LABEL_CHARS = 7000;
const MAX_VALUE_CHARS = 120;

/** The configuration in the form that is kept on the container, so that a later plan can say what has changed. */
export function configDigest(service: Service, engine: EngineKind): ConfigDigest {
  const digest: Record<string, string> = {};
  for (const [key, value] of Object.entries(instanceConfig(service, engine))) {
    if (value === undefined || key === 'name') continue;
    if (isPlainMap(value))
      for (const [name, child] of Object.entries(value)) {
        // Says nothing to a person; the plan has a cause of its own for it.
        if (name !== MOUNTS_HASH_LABEL) digest[`${key}.${name}`] = shown(name, child);
      }
    else digest[key] = shown(key, value);
  }
  return digest;
}

/** Text of the label `com.skilldeck.config`, below 8 KiB: a very large one keeps only hashes of its values. */
export function configLabel(service: Service, engine: EngineKind): string {
  const digest = configDigest(service, engine);
  const text = canonicalJson(digest);
  if (text.length <= MAX_LABEL_CHARS) return text;
  const hashes = Object.entries(digest).map(([key, value]) => [key, maskSecret(value)]);
  const short = canonicalJson(Object.fromEntries(hashes));
  return short.length <= MAX_LABEL_CHARS ? short : '{}';
}

/** Undefined when the label is absent or not ours. */
export function parseConfigLabel(label: string | undefined): ConfigDigest | undefined {
  if (label === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(label);
    if (!isPlainMap(parsed)) return undefined;
    const entries = Object.entries(parsed).filter((entry) => typeof entry[1] === 'string');
    return entries.length === 0 ? undefined : (Object.fromEntries(entries) as ConfigDigest);
  } catch {
    // A label that somebody else wrote: the plan then only says that the configuration differs.
    return undefined;
  }
}

function shown(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : canonicalJson(value);
  if (isSecret(name, text)) return maskSecret(text);
  return text.length <= MAX_VALUE_CHARS
    ? text
    : `${text.slice(0, MAX_VALUE_CHARS)}… #${sha256(text).slice(0, 8)}`;
}

function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
