import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { parseEnvFile } from '../env-file.ts';
import type { Variables } from '../interpolate.ts';
import type { Located, LocatedMap } from '../located.ts';
import { parseRawEnvFile } from '../raw-env-file.ts';
import { type LoadSession, readReferenced } from './load-files.ts';
import { child, isText, textAt, textOr, withEntries } from './nodes.ts';

/**
 * `env_file` and `label_file` of active services read into `environment` and `labels`, which win over them. The names of
 * the latter stay: Compose hashes them.
 */
export async function readEnvFiles(
  root: LocatedMap,
  profiles: readonly string[],
  env: Variables,
  session: LoadSession,
): Promise<LocatedMap> {
  const services = child(root, 'services');
  if (services?.kind !== 'map') return root;
  const entries = new Map(services.entries);
  for (const [name, service] of entries)
    if (service.kind === 'map' && isActive(service, profiles))
      entries.set(name, await readInto(service, env, session));
  return withEntries(root, { services: { ...services, entries } });
}

export function isActive(service: Located, profiles: readonly string[]): boolean {
  const own = profilesOf(service);
  return own.length === 0 || profiles.includes('*') || own.some((profile) => profiles.includes(profile));
}

export function profilesOf(service: Located): readonly string[] {
  const node = child(service, 'profiles');
  return node?.kind === 'list' ? node.items.filter(isText).map(({ value }) => value) : [];
}

async function readInto(service: LocatedMap, env: Variables, session: LoadSession): Promise<LocatedMap> {
  const outer = { ...textsOf(child(service, 'environment')), ...env };
  const environment = new Map<string, Located>();
  // Later files may refer to earlier ones.
  let before: Readonly<Record<string, string>> = {};
  for (const file of itemsOf(child(service, 'env_file'))) {
    const path = child(file, 'path') ?? file;
    const required = child(file, 'required');
    const name = textOr(path, phrase('path'));
    if (
      required?.kind === 'scalar' &&
      required.text === 'false' &&
      (await session.readText?.(name)) === undefined
    )
      continue;
    const text = await readReferenced(name, path.at, session);
    const format = child(file, 'format');
    const isRaw = isText(format) && format.value === 'raw';
    const values = isRaw ? parseRawEnvFile(text, name, outer) : parseEnvFile(text, name, outer, { before });
    before = { ...before, ...values };
    for (const [key, value] of Object.entries(values)) environment.set(key, textAt(path.at, value));
  }
  const labels = new Map<string, Located>();
  let labelsBefore: Readonly<Record<string, string>> = {};
  for (const file of itemsOf(child(service, 'label_file'))) {
    const name = textOr(file, phrase('path'));
    const text = await readReferenced(name, file.at, session);
    const values = parseEnvFile(text, name, env, { before: labelsBefore });
    labelsBefore = { ...labelsBefore, ...values };
    for (const [key, value] of Object.entries(values)) labels.set(key, textAt(file.at, value));
  }
  return withEntries(service, {
    env_file: undefined,
    environment: beneath(environment, child(service, 'environment'), service),
    labels: beneath(labels, child(service, 'labels'), service),
  });
}

function beneath(
  read: ReadonlyMap<string, Located>,
  own: Located | undefined,
  service: LocatedMap,
): Located | undefined {
  if (read.size === 0 || (own !== undefined && own.kind !== 'map')) return own;
  return { kind: 'map', at: own?.at ?? service.at, entries: new Map([...read, ...(own?.entries ?? [])]) };
}

function textsOf(node: Located | undefined): Readonly<Record<string, string>> {
  if (node?.kind !== 'map') return {};
  return Object.fromEntries(
    [...node.entries].flatMap(([key, value]) =>
      value.kind === 'scalar' && value.value !== null ? [[key, value.text]] : [],
    ),
  );
}

function itemsOf(node: Located | undefined): readonly Located[] {
  if (node === undefined) return [];
  return node.kind === 'list' ? node.items : [node];
}
