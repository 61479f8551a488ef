import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { Project, Service } from '../../compose/project.ts';
import { imageReference } from '../../plan/container-name.ts';
import { COMPOSE_VERSION, LABEL } from '../../plan/labels.ts';
import type { OperationProgress } from '../stack-engine.ts';
import { insertStages } from './build-additional-contexts.ts';
import { chooseBuilder } from './build-choice.ts';
import { readDockerfile } from './build-context.ts';
import { hashBuild } from './build-hash.ts';
import { type BuildInputs, readBuildInputs, refusalFor } from './build-inputs.ts';
import {
  type BuildEnd,
  type BuildJob,
  buildClassically,
  buildWithBuildKit,
  openSession,
} from './build-run.ts';
import type { DockerApi } from './docker-api.ts';
import { isAbort, isConnectionLost, knownFault, reasonOf, toEngineError } from './engine-errors.ts';
import { type ProxyVariables, withBuildProxies } from './proxy-config.ts';
import { isPullFault, pullFault } from './pull-faults.ts';
import type { RegistryCredentials } from './registry-credentials.ts';

export interface BuildInput {
  readonly project: Project;
  readonly service: Service;
  /** Absent: base images are pulled without signing in. */
  readonly credentials?: RegistryCredentials;
  /** Arguments that every build gets unless the file gives them, as `docker compose build` does it. */
  readonly proxies?: () => Promise<ProxyVariables>;
  /** Agreed with the engine; absent: the newest is taken for granted. */
  readonly apiVersion?: string;
  readonly signal: AbortSignal;
  readonly report: (progress: OperationProgress) => void;
}

/** Builds the service's image: with BuildKit where the engine has it, else with the classic builder. */
export async function buildImage(api: DockerApi, input: BuildInput): Promise<void> {
  const { project, service, report } = input;
  const inputs = readBuildInputs(project, service);
  for (const note of inputs.notes) report({ output: note });
  await checkSshAgents(inputs, service);
  // Before the files are sent: if one changes meanwhile, the next plan sees another hash and builds again.
  const hash = await hashed(input);
  const folders = new FolderImages(api, input);
  try {
    const dockerfile = await readDockerfile(inputs);
    const stages = await folders.stagesFor(inputs);
    const refuse = refusalFor(service.name);
    const job: BuildJob = {
      ...inputs,
      args: withBuildProxies((await input.proxies?.()) ?? {}, inputs.args),
      labels: {
        ...inputs.labels,
        [LABEL.project]: project.name,
        [LABEL.service]: service.name,
        [LABEL.version]: COMPOSE_VERSION,
        [LABEL.buildHash]: hash,
      },
      dockerfile: dockerfile
        ? { ...dockerfile, text: insertStages(dockerfile.text, stages, refuse) }
        : { remotePath: inputs.dockerfile.kind === 'remote' ? inputs.dockerfile.path : '' },
    };
    await runBuild(api, job, input, inputs.wantsClassic);
  } finally {
    await folders.remove();
  }
}

async function hashed({ project, service, signal }: BuildInput): Promise<string> {
  try {
    return await hashBuild(project, service, signal);
  } catch (error) {
    throw toEngineError(error, signal);
  }
}

async function runBuild(
  api: DockerApi,
  job: BuildJob,
  input: BuildInput,
  wantsClassic: boolean,
): Promise<void> {
  const { service, credentials, signal, report, apiVersion } = input;
  const run = { credentials, signal, report };
  const session = wantsClassic ? undefined : await translate(input, () => openSession(api, job, run));
  try {
    const builder = chooseBuilder(
      job,
      { hasBuildKit: session !== undefined, apiVersion },
      refusalFor(service.name),
    );
    if (builder.note !== undefined) report({ output: builder.note });
    const end = await translate(input, () =>
      builder.kind === 'buildkit' && session
        ? buildWithBuildKit(api, job, session, run)
        : buildClassically(api, job, run),
    );
    if (signal.aborted) throw toEngineError(undefined, signal);
    if (end.kind === 'failed') throw buildFault(end, input);
  } finally {
    session?.close();
  }
}

async function translate<T>(input: BuildInput, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (input.signal.aborted || isAbort(error) || isConnectionLost(error))
      throw toEngineError(error, input.signal);
    throw buildFault({ kind: 'failed', reason: reasonOf(error), lines: [] }, input, error);
  }
}

function buildFault(
  { reason, step = '', lines }: Extract<BuildEnd, { kind: 'failed' }>,
  { project, service }: BuildInput,
  cause?: unknown,
): AppError {
  const image = imageReference(project, service);
  const known = knownFault(reason, cause);
  if (known) return known;
  if (isPullFault(reason))
    return pullFault(reason, { reference: `for ${image}`, service: service.name }, { cause });
  return new AppError(
    'image.build_failed',
    step === ''
      ? phrase('build_failed', { service: service.name, reason })
      : phrase('build_failed_at', { service: service.name, step, reason }),
    {
      hint: /^RUN\b/i.test(step)
        ? 'Read the lines above. If a download failed: check proxy and mirror in the settings.'
        : 'Check the Dockerfile at the step shown.',
      params: { image, service: service.name, reason, step, output: lines.join('\n') },
      cause,
    },
  );
}

/** A key file would need an agent of our own; the API asks for one that runs. */
async function checkSshAgents({ ssh }: BuildInputs, service: Service): Promise<void> {
  for (const { id, socket } of ssh) {
    const isSocket = process.platform === 'win32' || (await stat(socket).catch(() => undefined))?.isSocket();
    if (!isSocket) throw refusalFor(service.name)('ssh', phrase('build_no_ssh_socket', { id, socket }));
  }
}

/** Folders of `additional_contexts` as images for the time of one build; the builder's cache outlives them. */
class FolderImages {
  readonly #api: DockerApi;
  readonly #input: BuildInput;
  readonly #tags: string[] = [];

  constructor(api: DockerApi, input: BuildInput) {
    this.#api = api;
    this.#input = input;
  }

  /** Image by the name that the Dockerfile uses. */
  async stagesFor(inputs: BuildInputs): Promise<ReadonlyMap<string, string>> {
    const stages = new Map<string, string>();
    for (const context of inputs.additionalContexts)
      stages.set(
        context.name,
        context.kind === 'folder' ? await this.#build(context.path, inputs) : context.reference,
      );
    const [first] = this.#tags;
    if (first !== undefined && inputs.pull)
      throw refusalFor(this.#input.service.name)('pull', phrase('build_not_with_folders'));
    return stages;
  }

  async #build(path: string, { wantsClassic }: BuildInputs): Promise<string> {
    const tag = `skilldeck-context:${randomBytes(8).toString('hex')}`;
    this.#tags.push(tag);
    const job: BuildJob = {
      tags: [tag],
      context: { kind: 'folder', path },
      dockerfile: { name: 'Dockerfile', text: 'FROM scratch\nCOPY . /\n' },
      args: {},
      labels: {},
      cacheFrom: [],
      extraHosts: [],
      ulimits: [],
      noCache: false,
      pull: false,
      secrets: [],
      ssh: [],
    };
    await runBuild(this.#api, job, { ...this.#input, report: () => {} }, wantsClassic);
    return tag;
  }

  /** Best effort: an image that is left says in its name what it is. */
  async remove(): Promise<void> {
    for (const tag of this.#tags)
      await this.#api.json({ method: 'DELETE', path: `/images/${tag}`, accept: [404, 409] }).catch(() => {});
  }
}
