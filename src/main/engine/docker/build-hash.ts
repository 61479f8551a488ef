import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Project, Service } from '../../compose/project.ts';
import { canonicalJson } from '../../plan/canonical-json.ts';
import { listContext, readDockerfile } from './build-context.ts';
import { type BuildInputs, readBuildInputs } from './build-inputs.ts';

/**
 * A hash over everything that decides what a build produces: instructions, files, arguments, target, labels, other
 * contexts, the builds of services that it starts from. Not over secrets, which leave no trace in an image.
 *
 * Kept on the image as a label; a different one means that the image is to be built again.
 */
export async function hashBuild(project: Project, service: Service, signal?: AbortSignal): Promise<string> {
  return hashOf(project, service, signal, []);
}

async function hashOf(
  project: Project,
  service: Service,
  signal: AbortSignal | undefined,
  /** Services on the way here: a circle is the planner's to refuse, it must only not go on for ever. */
  seen: readonly string[],
): Promise<string> {
  const inputs = readBuildInputs(project, service);
  const dockerfile = await readDockerfile(inputs);
  const hash = createHash('sha256');
  hash.update(
    canonicalJson({ ...decisive(inputs), dockerfile: dockerfile?.text, ignore: dockerfile?.ignore }),
  );
  if (inputs.context.kind === 'folder')
    await hashFolder(hash, inputs.context.path, dockerfile?.ignore, signal);
  for (const context of inputs.additionalContexts) {
    if (context.kind === 'folder') await hashFolder(hash, context.path, undefined, signal);
    const other = context.kind === 'service' ? project.services[context.service] : undefined;
    if (other?.build && !seen.includes(other.name))
      hash.update(await hashOf(project, other, signal, [...seen, service.name]));
  }
  return hash.digest('hex');
}

/** Without what only says how it is built: `pull` and `no_cache` ask for a build, they do not change its result. */
function decisive(inputs: BuildInputs): object {
  const { args, target, labels, network, extraHosts, shmSizeBytes, ulimits, platform, tags } = inputs;
  const { context, dockerfile, additionalContexts, secrets, ssh } = inputs;
  return {
    args,
    target,
    labels,
    network,
    extraHosts,
    shmSizeBytes,
    ulimits,
    platform,
    tags,
    url: context.kind === 'url' ? context.url : undefined,
    remoteDockerfile: dockerfile.kind === 'remote' ? dockerfile.path : undefined,
    contexts: additionalContexts.map(({ name, kind, ...rest }) => [
      name,
      kind,
      'reference' in rest ? rest.reference : '',
    ]),
    secrets: secrets.map(({ id }) => id),
    ssh: ssh.map(({ id }) => id),
  };
}

async function hashFolder(
  hash: Hash,
  folder: string,
  ignore: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  for await (const { path, type, mode, target = '', size } of listContext(folder, ignore)) {
    signal?.throwIfAborted();
    hash.update(`\n${JSON.stringify([path, type, mode, target, size])}\n`);
    if (type === 'file' && size > 0)
      await pipeline(createReadStream(join(folder, path)), async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) hash.update(chunk);
      });
  }
}
