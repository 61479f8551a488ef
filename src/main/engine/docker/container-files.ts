import { pack } from 'tar-stream';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { FileObjectDefinition, FileReference, ServiceDefinition } from '../../compose/definition.ts';
import type { Project } from '../../compose/project.ts';
import type { ApiMount } from './container-mounts.ts';
import type { DockerApi } from './docker-api.ts';

type Kind = 'config' | 'secret';

interface WantedFile {
  readonly kind: Kind;
  readonly reference: FileReference;
  readonly object: FileObjectDefinition;
  readonly target: string;
}

const DEFAULT_MODE = 0o444;

/** Configs and secrets with `file:`, as read-only mounts. */
export function mountedFiles(
  project: Project,
  service: string,
  definition: ServiceDefinition,
): readonly ApiMount[] {
  const byTarget = new Map<string, ApiMount>();
  // Secrets first: of two with one target Compose keeps the secret.
  for (const { kind, object, target } of wantedFiles(project, service, definition)) {
    if (object.file === undefined || byTarget.has(target)) continue;
    byTarget.set(target, {
      Type: 'bind',
      Source: object.file,
      Target: target,
      ReadOnly: true,
      ...(kind === 'secret' ? { BindOptions: {} } : {}),
    });
  }
  return [...byTarget.values()];
}

/** Whether some are given as text, so that they have to be copied in before each start. */
export function hasCopiedFiles(project: Project, service: string, definition: ServiceDefinition): boolean {
  return wantedFiles(project, service, definition).some(({ object }) => object.file === undefined);
}

/**
 * Copies configs and secrets that are given as text or as a variable into a container that does not run yet.
 *
 * Their values go nowhere else: not into arguments, labels, logs or messages.
 */
export async function copyFiles(
  api: DockerApi,
  input: {
    readonly id: string;
    readonly project: Project;
    readonly service: string;
    readonly definition: ServiceDefinition;
    /** `Config.User` of the container: owner of files that name none. */
    readonly user: string;
  },
  signal: AbortSignal,
): Promise<void> {
  const { id, project, service, definition } = input;
  const tar = pack();
  let count = 0;
  for (const wanted of wantedFiles(project, service, definition)) {
    const { reference, object, target } = wanted;
    if (object.file !== undefined) continue;
    const text = contentOf(project, service, wanted);
    // Compose leaves empty ones out, too.
    if (text === '') continue;
    if (definition.read_only) throw readOnlyRoot(service, wanted);
    const [uid = '', gid = ''] = reference.uid || reference.gid ? [] : input.user.split(':');
    tar.entry(
      {
        name: target.replace(/^\/+/, ''),
        mode: reference.mode === undefined ? DEFAULT_MODE : Number.parseInt(reference.mode, 8),
        uid: numeric(reference.uid ?? uid),
        gid: numeric(reference.gid ?? gid),
        mtime: new Date(),
      },
      text,
    );
    count += 1;
  }
  if (count === 0) return;
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk);
  await api.json({
    method: 'PUT',
    path: `/containers/${id}/archive`,
    // Without `copyUIDGID`, with which the engine would give all to the container's user, whom it looks up on its own machine.
    query: { path: '/' },
    upload: Buffer.concat(chunks),
    signal,
  });
}

function wantedFiles(
  project: Project,
  service: string,
  { secrets = [], configs = [] }: ServiceDefinition,
): readonly WantedFile[] {
  const find = (kind: Kind, reference: FileReference): WantedFile => {
    const source = reference.source ?? '';
    const object = (kind === 'config' ? project.configs : project.secrets)?.[source];
    if (object === undefined)
      throw new AppError('compose.invalid', phrase('object_not_in_file', { kind, source, service }));
    if (object.external || object.driver || object.template_driver)
      throw new AppError('compose.unsupported', phrase('object_needs_swarm', { kind, source }), {
        params: { place: `${kind}s.${source}`, reason: phrase('needs_swarm') },
      });
    return { kind, reference, object, target: targetOf(kind, reference) };
  };
  return [
    ...secrets.map((reference) => find('secret', reference)),
    ...configs.map((reference) => find('config', reference)),
  ];
}

function targetOf(kind: Kind, { source = '', target }: FileReference): string {
  const folder = kind === 'config' ? '/' : '/run/secrets/';
  if (!target) return folder + source;
  const isAbsolute = target.startsWith('/') || target.startsWith('\\\\') || /^[a-z]:\\/i.test(target);
  return isAbsolute ? target : folder + target;
}

function contentOf(project: Project, service: string, { kind, object, reference }: WantedFile): string {
  if (object.content !== undefined && object.content !== '') return object.content;
  if (object.environment === undefined) return '';
  const value = project.variables?.[object.environment];
  if (value === undefined)
    throw new AppError(
      'compose.invalid',
      phrase('object_variable_unset', {
        variable: object.environment,
        kind,
        source: reference.source ?? '',
        service,
      }),
      { hint: `Set ${object.environment} in the environment or in .env.` },
    );
  return value;
}

function readOnlyRoot(service: string, { kind, reference }: WantedFile): AppError {
  return new AppError(
    'compose.unsupported',
    phrase('object_read_only', { kind, source: reference.source ?? '', service }),
    {
      hint: `Give the ${kind} as a file ("file:"), or leave read_only out.`,
      params: { place: `services.${service}.${kind}s`, reason: phrase('read_only_root') },
    },
  );
}

/** A user's name says nothing without the image's own list of users; such a file belongs to root and can be read by all. */
function numeric(id: string): number {
  return /^\d+$/.test(id) ? Number(id) : 0;
}
