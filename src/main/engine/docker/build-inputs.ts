import { isAbsolute, resolve } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type Phrase, phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { BuildDefinition } from '../../compose/definition.ts';
import type { Project, Service } from '../../compose/project.ts';
import { imageReference } from '../../plan/container-name.ts';
import { type AdditionalContext, readAdditionalContexts } from './build-additional-contexts.ts';
import { readSecrets, readSshAgents } from './build-secrets.ts';
import type { BuildSecret } from './buildkit/session-secrets.ts';
import type { SshAgent } from './buildkit/session-ssh.ts';

/** What a build is made of, read from the service's definition; what cannot be done has been refused by name. */
export interface BuildInputs {
  readonly tags: readonly string[];
  readonly context:
    | { readonly kind: 'folder'; readonly path: string }
    | { readonly kind: 'url'; readonly url: string };
  readonly dockerfile:
    | { readonly kind: 'inline'; readonly text: string }
    | { readonly kind: 'file'; readonly path: string }
    /** Inside a URL context, which only the engine reads. */
    | { readonly kind: 'remote'; readonly path: string };
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  /** Those of the file. */
  readonly labels: Readonly<Record<string, string>>;
  readonly cacheFrom: readonly string[];
  readonly network?: string;
  /** `host:address`, as the API takes them. */
  readonly extraHosts: readonly string[];
  readonly shmSizeBytes?: number;
  readonly ulimits: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly platform?: string;
  readonly secrets: readonly BuildSecret[];
  readonly ssh: readonly SshAgent[];
  readonly additionalContexts: readonly AdditionalContext[];
  /** `DOCKER_BUILDKIT=0`, as for Compose. */
  readonly wantsClassic: boolean;
  /** What a person should know of choices made here. */
  readonly notes: readonly string[];
}

/** Says why one key of `build` cannot be done. */
export type Refuse = (key: string, reason: Phrase) => AppError;

const URL_CONTEXT = /^(https?|git|ssh):\/\/|^git@|^github\.com\//;

export function readBuildInputs(project: Project, service: Service): BuildInputs {
  const refuse = refusalFor(service.name);
  const definition = definitionOf(service);
  if (!definition)
    throw new AppError('compose.invalid', phrase('nothing_to_build', { service: service.name }));
  refuseUnsupported(definition, refuse);
  const variables = project.variables ?? {};
  const context = readContext(definition, project);
  const { platform, note } = readPlatform(definition, service, variables.DOCKER_DEFAULT_PLATFORM, refuse);
  const args = readArgs(definition, variables);
  return {
    tags: [...new Set([imageReference(project, service), ...(definition.tags ?? [])])],
    context,
    dockerfile: readDockerfile(definition, context, refuse),
    args: wantsInlineCache(definition, refuse) ? { BUILDKIT_INLINE_CACHE: '1', ...args } : args,
    ...(definition.target ? { target: definition.target } : {}),
    labels: definition.labels ?? {},
    cacheFrom: (definition.cache_from ?? []).map((entry) => readCacheSource(entry, refuse)),
    ...(definition.network ? { network: definition.network } : {}),
    extraHosts: (definition.extra_hosts ?? []).map((entry) => entry.replace('=', ':')),
    ...(definition.shm_size ? { shmSizeBytes: Number(definition.shm_size) } : {}),
    ulimits: Object.entries(definition.ulimits ?? {}).map(([Name, limit]) =>
      typeof limit === 'number'
        ? { Name, Soft: limit, Hard: limit }
        : { Name, Soft: limit.soft ?? 0, Hard: limit.hard ?? 0 },
    ),
    noCache: definition.no_cache === true,
    pull: definition.pull === true,
    ...(platform === undefined ? {} : { platform }),
    secrets: readSecrets(definition, project, refuse),
    ssh: readSshAgents(definition, variables, refuse),
    additionalContexts: readAdditionalContexts(definition, project, refuse),
    wantsClassic: variables.DOCKER_BUILDKIT === '0',
    notes: note === undefined ? [] : [note],
  };
}

export function refusalFor(service: string): Refuse {
  return (key, reason) =>
    new AppError('compose.unsupported', phrase('cannot_be_built', { service, key: `build.${key}`, reason }), {
      hint: 'Take the setting out, or build this service with docker compose.',
      params: { place: `services.${service}.build.${key}`, key: `build.${key}`, reason, service },
    });
}

/** The canonical form, with the interpreted parts where a loader left it out. */
function definitionOf({ build, definition }: Service): BuildDefinition | undefined {
  return build && { ...build, ...definition.build };
}

function refuseUnsupported(definition: BuildDefinition, refuse: Refuse): void {
  const { isolation = '', provenance = '', sbom = '', network, privileged } = definition;
  if (privileged) throw refuse('privileged', phrase('build_no_rights'));
  if (!['', 'default'].includes(isolation)) throw refuse('isolation', phrase('build_windows'));
  for (const [key, value] of Object.entries({ provenance, sbom }))
    if (!['', 'false'].includes(value)) throw refuse(key, phrase('build_no_attestations'));
  for (const entitlement of definition.entitlements ?? [])
    if (entitlement !== 'network.host' || network !== 'host')
      throw refuse('entitlements', phrase('build_not_granted', { entitlement }));
}

function readContext(definition: BuildDefinition, { workingDir }: Project): BuildInputs['context'] {
  const context = definition.context ?? '.';
  return URL_CONTEXT.test(context)
    ? { kind: 'url', url: context }
    : { kind: 'folder', path: resolve(workingDir, context) };
}

function readDockerfile(
  {
    dockerfile_inline: text,
    dockerfile = 'Dockerfile',
    additional_contexts: additional = {},
  }: BuildDefinition,
  context: BuildInputs['context'],
  refuse: Refuse,
): BuildInputs['dockerfile'] {
  if (context.kind === 'url') {
    if (text !== undefined) throw refuse('dockerfile_inline', phrase('build_not_with_url'));
    if (Object.keys(additional).length > 0) throw refuse('additional_contexts', phrase('build_not_with_url'));
    if (isAbsolute(dockerfile)) throw refuse('dockerfile', phrase('build_inside_url'));
    return { kind: 'remote', path: dockerfile };
  }
  return text === undefined
    ? { kind: 'file', path: resolve(context.path, dockerfile) }
    : { kind: 'inline', text };
}

/** Without a value: from the variables, or left to the Dockerfile. */
function readArgs(
  { args = {} }: BuildDefinition,
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => {
      const found = value ?? variables[name];
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

/** As `up` of Compose: the platform of the service, or the only one; of several the engine's own is built. */
function readPlatform(
  { platforms = [] }: BuildDefinition,
  service: Service,
  defaultPlatform: string | undefined,
  refuse: Refuse,
): { readonly platform?: string; readonly note?: string } {
  const wanted = service.definition.platform || defaultPlatform;
  if (wanted) {
    if (platforms.length > 0 && !platforms.includes(wanted))
      throw refuse('platforms', phrase('build_platform_missing', { platform: wanted }));
    return { platform: wanted };
  }
  const [only, ...others] = platforms;
  if (only !== undefined && others.length === 0) return { platform: only };
  return only === undefined
    ? {}
    : { note: `Of the platforms ${platforms.join(', ')} only the engine's own is built.` };
}

/** `type=registry,ref=image` or just the image. */
function readCacheSource(entry: string, refuse: Refuse): string {
  if (!/^[a-z-]+=/.test(entry)) return entry;
  const fields = new Map(entry.split(',').map((field) => splitOnce(field)));
  const reference = fields.get('ref');
  if (fields.get('type') === 'registry' && reference) return reference;
  throw refuse('cache_from', phrase('build_cache_from', { entry }));
}

function wantsInlineCache({ cache_to: targets = [] }: BuildDefinition, refuse: Refuse): boolean {
  for (const target of targets)
    if (!/^type=inline(,|$)/.test(target)) throw refuse('cache_to', phrase('build_cache_to', { target }));
  return targets.length > 0;
}

function splitOnce(field: string): [string, string] {
  const at = field.indexOf('=');
  return at === -1 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)];
}
