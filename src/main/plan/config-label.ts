import { isSecret } from '../../shared/stack/is-secret.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import { sha256 } from '../compose/canonical/sha256.ts';
import type { MountDefinition, PortDefinition } from '../compose/definition.ts';
import type { Service } from '../compose/project.ts';
import { canonicalJson } from './canonical-json.ts';
import { maskSecret, mentionsSecret } from './secret-values.ts';

/** Flat: `environment.PORT` → `8080`. Values as a person reads them, secrets masked. */
export type ConfigDigest = Readonly<Record<string, string>>;

const MAX_LABEL_CHARS = 7000;
const MAX_VALUE_CHARS = 120;
/** Not part of the hash, so no change of an instance either. */
const LEFT_OUT = new Set(['build', 'depends_on', 'profiles', 'pull_policy', 'scale', 'deploy.replicas']);

/** A password may stand anywhere in these. */
const COMMANDS = new Set(['command', 'entrypoint', 'healthcheck.test', 'post_start', 'pre_stop']);

/** The configuration in the form that is kept on the container, so that a later plan can say what has changed. */
export function configDigest(service: Service, engine: EngineKind): ConfigDigest {
  const digest: Record<string, string> = {};
  flatten(engine === 'sandbox' ? (service.skilldeck.sandbox ?? {}) : service.definition, '', digest);
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

function flatten(value: object, path: string, digest: Record<string, string>): void {
  for (const [key, child] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (child === undefined || LEFT_OUT.has(at)) continue;
    // The image's own: the same as not being there.
    if (child === null && (at === 'command' || at === 'entrypoint')) continue;
    if (isPlainMap(child)) {
      flatten(child, at, digest);
      continue;
    }
    const text = words(at, child);
    const secret = COMMANDS.has(at) ? mentionsSecret(text) : at !== 'secrets' && isSecret(key, text);
    digest[at] = secret ? maskSecret(text) : bounded(text);
  }
}

function words(path: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (!Array.isArray(value)) return canonicalJson(value);
  if (path === 'ports') return value.map(portWords).join(', ');
  if (path === 'volumes') return value.map(mountWords).join(', ');
  return canonicalJson(value);
}

/** Short syntax where it says everything, which is nearly always. */
function portWords({ host_ip, published, target, protocol = 'tcp', mode, ...rest }: PortDefinition): string {
  const host = host_ip === undefined ? '' : `${host_ip}:`;
  const ports = published === undefined ? `${target}` : `${host}${published}:${target}`;
  return (
    ports + (protocol === 'tcp' ? '' : `/${protocol}`) + others({ ...rest, mode: unless(mode, 'ingress') })
  );
}

function mountWords({ type, source, target, read_only, bind, volume, ...rest }: MountDefinition): string {
  const short = [...(source === undefined ? [] : [source]), target, ...(read_only ? ['ro'] : [])].join(':');
  const { create_host_path: _made, ...binding } = bind ?? {};
  const options = {
    ...rest,
    ...binding,
    ...volume,
    type: type === 'bind' || type === 'volume' ? undefined : type,
  };
  return short + others(options);
}

function others(rest: Readonly<Record<string, unknown>>): string {
  const text = canonicalJson(rest);
  return text === '{}' ? '' : ` ${text}`;
}

function unless<T>(value: T, quiet: T): T | undefined {
  return value === quiet ? undefined : value;
}

function bounded(text: string): string {
  return text.length <= MAX_VALUE_CHARS
    ? text
    : `${text.slice(0, MAX_VALUE_CHARS)}… #${sha256(text).slice(0, 8)}`;
}

function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
