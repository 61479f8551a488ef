import { AppError } from '../../../shared/errors/app-error.ts';
import type { Build, Project, Service } from '../../compose/project.ts';
import { imageReference } from '../../plan/container-name.ts';
import { LABEL } from '../../plan/labels.ts';
import type { OperationProgress } from '../stack-engine.ts';
import { hashBuildContext, packBuildContext } from './build-context.ts';
import { BuildProgress } from './build-progress.ts';
import type { DockerApi } from './docker-api.ts';
import { isAbort, isConnectionLost, knownFault, reasonOf, toEngineError } from './engine-errors.ts';
import { readJsonLines } from './json-lines.ts';
import { toProgressMessage } from './progress-message.ts';
import { isPullFault, pullFault } from './pull-faults.ts';
import type { RegistryCredentials } from './registry-credentials.ts';

export interface BuildInput {
  readonly project: Project;
  readonly service: Service;
  /** Absent: base images are pulled without signing in. */
  readonly credentials?: RegistryCredentials;
  readonly signal: AbortSignal;
  readonly report: (progress: OperationProgress) => void;
}

/**
 * Builds the service's image with the engine's classic builder.
 *
 * Not BuildKit: over the API it wants a session, which is deprecated since API 1.53, needs gRPC inside the panel,
 * and its trace has no step numbers. The classic builder is in every engine from 20.10 on and in Podman.
 */
export async function buildImage(api: DockerApi, input: BuildInput): Promise<void> {
  const { service, signal, report } = input;
  const { build } = service;
  if (!build) throw new AppError('compose.invalid', `The service ${service.name} has nothing to build.`);
  const progress = new BuildProgress();
  // Before the files are sent: if one changes meanwhile, the next plan sees another hash and builds again.
  const hash = await hashBuildContext(build);
  const context = await packBuildContext(build);
  const reportAll = (steps: readonly OperationProgress[]) => steps.forEach(report);
  try {
    const stream = await api.stream({
      method: 'POST',
      path: '/build',
      query: buildQuery(input, build, hash),
      upload: context,
      signal,
    });
    let isTagged = false;
    for await (const raw of readJsonLines(stream)) {
      const message = toProgressMessage(raw);
      if (message.error !== undefined) throw buildFault(message.error, input, progress);
      if (message.stream !== undefined) {
        reportAll(progress.apply(message.stream));
        isTagged ||=
          message.stream.startsWith('Successfully built') || message.stream.startsWith('Successfully tagged');
      } else if (message.status !== undefined && message.id !== undefined)
        report({ text: `${message.status} ${message.id}` });
      else if (message.status !== undefined) report({ output: message.status });
    }
    reportAll(progress.end());
    if (signal.aborted) throw toEngineError(undefined, signal);
    if (!isTagged) throw buildFault('The builder ended without an image.', input, progress);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (signal.aborted || isAbort(error) || isConnectionLost(error)) throw toEngineError(error, signal);
    throw buildFault(reasonOf(error), input, progress, error);
  } finally {
    context.destroy();
  }
}

function buildQuery({ project, service }: BuildInput, build: Build, hash: string) {
  return {
    t: imageReference(project, service),
    dockerfile: build.dockerfile,
    buildargs: build.args,
    target: build.target,
    labels: {
      ...build.labels,
      [LABEL.project]: project.name,
      [LABEL.service]: service.name,
      [LABEL.buildHash]: hash,
    },
    rm: true,
    forcerm: true,
    version: '1',
  };
}

function buildFault(
  reason: string,
  { project, service }: BuildInput,
  progress: BuildProgress,
  cause?: unknown,
): AppError {
  const image = imageReference(project, service);
  const known = knownFault(reason, cause);
  if (known) return known;
  if (isPullFault(reason))
    return pullFault(reason, { reference: `for ${image}`, service: service.name }, { cause });
  const step = progress.step;
  return new AppError('image.build_failed', `The image of ${service.name} could not be built: ${reason}`, {
    hint: /^RUN\b/.test(step)
      ? 'Read the lines above. If a download failed: check proxy and mirror in the settings.'
      : 'Check the Dockerfile at the step shown.',
    params: { image, service: service.name, reason, step },
    cause,
  });
}
