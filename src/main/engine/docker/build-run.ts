import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { OperationProgress } from '../stack-engine.ts';
import { CONTEXT_LIMITS, type Dockerfile, packContext } from './build-context.ts';
import type { BuildInputs } from './build-inputs.ts';
import { BuildProgress } from './build-progress.ts';
import { TraceProgress } from './build-trace-progress.ts';
import { fileSyncHandlers, folderSource, memorySource, type SyncSource } from './buildkit/file-sync.ts';
import type { BuildSession } from './buildkit/session.ts';
import { openBuildSession } from './buildkit/session.ts';
import { authHandlers } from './buildkit/session-auth.ts';
import { secretHandlers } from './buildkit/session-secrets.ts';
import { sshHandlers } from './buildkit/session-ssh.ts';
import { decodeTrace } from './buildkit/trace.ts';
import type { DockerApi } from './docker-api.ts';
import { readJsonLines } from './json-lines.ts';
import { toProgressMessage } from './progress-message.ts';
import { type RegistryCredentials, toAuthHeader } from './registry-credentials.ts';

/** One build as the engine gets it. */
export interface BuildJob
  extends Omit<BuildInputs, 'dockerfile' | 'additionalContexts' | 'wantsClassic' | 'notes'> {
  /** Absent: inside a URL context, under the given path. */
  readonly dockerfile: Dockerfile | { readonly remotePath: string };
}

export interface BuildRun {
  readonly credentials: RegistryCredentials | undefined;
  readonly signal: AbortSignal;
  readonly report: (progress: OperationProgress) => void;
}

export type BuildEnd =
  | { readonly kind: 'built' }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** The instruction that failed and its last lines, where the engine said. */
      readonly step?: string;
      readonly lines: readonly string[];
    };

/** BuildKit's way back to this machine; undefined where the engine has no BuildKit. Close it after the build. */
export function openSession(
  api: DockerApi,
  job: BuildJob,
  { credentials, signal }: BuildRun,
): Promise<BuildSession | undefined> {
  const sources = new Map<string, SyncSource>();
  const { context, dockerfile } = job;
  if (context.kind === 'folder') sources.set('context', folderSource(context.path, CONTEXT_LIMITS));
  if ('text' in dockerfile) sources.set('dockerfile', memorySource(dockerfileFiles(dockerfile)));
  return openBuildSession(api, {
    handlers: new Map([
      ...fileSyncHandlers(sources),
      ...authHandlers(credentials, signal),
      ...secretHandlers(job.secrets),
      ...sshHandlers(job.ssh),
    ]),
    sharedKey: digest(context.kind === 'folder' ? context.path : context.url),
    signal,
  });
}

function dockerfileFiles({ name, text, ignore }: Dockerfile): Readonly<Record<string, string>> {
  return { [name]: text, ...(ignore === undefined ? {} : { [`${name}.dockerignore`]: ignore }) };
}

/** Rejects when the connection is lost or the signal aborts. */
export async function buildWithBuildKit(
  api: DockerApi,
  job: BuildJob,
  session: BuildSession,
  { signal, report }: BuildRun,
): Promise<BuildEnd> {
  const { context, dockerfile } = job;
  const stream = await api.stream({
    method: 'POST',
    path: '/build',
    query: {
      ...commonQuery(job),
      version: '2',
      session: session.id,
      remote: context.kind === 'url' ? context.url : 'client-session',
      dockerfile: 'text' in dockerfile ? dockerfile.name : dockerfile.remotePath,
    },
    signal,
  });
  const progress = new TraceProgress();
  let isBuilt = false;
  for await (const raw of readJsonLines(stream)) {
    const message = toProgressMessage(raw);
    if (message.error !== undefined)
      return { kind: 'failed', reason: withoutFrame(message.error), lines: [], ...progress.failed };
    if (message.id === 'moby.buildkit.trace') {
      const trace = decodeTrace(raw.aux);
      if (trace) for (const step of progress.apply(trace)) report(step);
    } else if (message.id === 'moby.image.id') isBuilt = true;
  }
  return isBuilt ? { kind: 'built' } : noImage(progress.failed);
}

/** For engines without BuildKit, and for the few things that only the classic builder can do. */
export async function buildClassically(
  api: DockerApi,
  job: BuildJob,
  { credentials, signal, report }: BuildRun,
): Promise<BuildEnd> {
  const { context, dockerfile } = job;
  const hiddenName = 'text' in dockerfile ? `.dockerfile.${digest(dockerfile.text).slice(0, 20)}` : '';
  const upload: Readable | undefined =
    context.kind === 'folder' && 'text' in dockerfile
      ? packContext(context.path, dockerfile, hiddenName)
      : undefined;
  const logins = (await credentials?.all(signal)) ?? {};
  const progress = new BuildProgress();
  try {
    const stream = await api.stream({
      method: 'POST',
      path: '/build',
      query: {
        ...commonQuery(job),
        version: '1',
        rm: true,
        forcerm: true,
        remote: context.kind === 'url' ? context.url : undefined,
        dockerfile: 'text' in dockerfile ? hiddenName : dockerfile.remotePath,
      },
      ...(Object.keys(logins).length === 0 ? {} : { headers: { 'X-Registry-Config': toAuthHeader(logins) } }),
      ...(upload ? { upload } : {}),
      signal,
    });
    let isBuilt = false;
    const reportAll = (steps: readonly OperationProgress[]) => steps.forEach(report);
    for await (const raw of readJsonLines(stream)) {
      const message = toProgressMessage(raw);
      if (message.error !== undefined) {
        reportAll(progress.end());
        return { kind: 'failed', reason: message.error, ...progress.failed };
      }
      if (message.stream !== undefined) {
        reportAll(progress.apply(message.stream));
        isBuilt ||= /^Successfully (built|tagged)/.test(message.stream);
      } else if (message.status !== undefined && message.id !== undefined)
        report({ text: `${message.status} ${message.id}` });
      else if (message.status !== undefined) report({ output: message.status });
    }
    reportAll(progress.end());
    return isBuilt ? { kind: 'built' } : noImage(progress.failed);
  } finally {
    upload?.destroy();
  }
}

function commonQuery(job: BuildJob) {
  const { tags, args, target, labels, cacheFrom, network, extraHosts, shmSizeBytes, ulimits } = job;
  return {
    t: tags,
    buildargs: args,
    target,
    labels,
    // The transport writes lists as repeated keys, which only some of these are.
    cachefrom: cacheFrom.length > 0 ? JSON.stringify(cacheFrom) : undefined,
    networkmode: network,
    extrahosts: extraHosts,
    shmsize: shmSizeBytes,
    ulimits: ulimits.length > 0 ? JSON.stringify(ulimits) : undefined,
    nocache: job.noCache || undefined,
    pull: job.pull || undefined,
    platform: job.platform,
  };
}

function noImage(failed: { readonly step: string; readonly lines: readonly string[] } | undefined): BuildEnd {
  return { kind: 'failed', reason: 'The builder ended without an image.', lines: [], ...failed };
}

/** BuildKit wraps what went wrong into how it was asked. */
function withoutFrame(reason: string): string {
  return reason
    .replace(/^failed to solve( with frontend \S+)?: /, '')
    .replace(/^(rpc error: code = \w+ desc = )+/, '')
    .replace(/^failed to build LLB: /, '');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
