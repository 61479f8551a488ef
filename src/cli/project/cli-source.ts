import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Project } from '../../main/compose/project.ts';
import { warningText } from '../../main/compose/warning-text.ts';
import { folderSource } from '../../main/stack/folder-source.ts';
import type { ProjectSource } from '../../main/stack/project-source.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { CliContext } from '../cli-context.ts';

const WORKSPACE_MARK = '.skilldeck';
const MAX_STDIN_BYTES = 4 * 1024 ** 2;

/** The project that the command line means, read from its files at every use; nothing is watched. */
export function cliSource(context: CliContext): ProjectSource {
  const { cwd, env, globals } = context;
  const source = folderSource({
    directory: cwd,
    processEnv: env,
    stdin: once(() => readAll(context.stdin)),
    ...(globals.file === undefined ? {} : { files: globals.file }),
    ...(globals.projectName === undefined ? {} : { projectName: globals.projectName }),
    ...(globals.profile === undefined ? {} : { profiles: globals.profile }),
    ...(globals.envFile === undefined ? {} : { envFiles: globals.envFile }),
    ...(globals.projectDirectory === undefined
      ? {}
      : { projectDirectory: resolve(cwd, globals.projectDirectory) }),
  });
  const warn = warnOnce(context);
  return {
    id: source.id,
    get directory() {
      return source.directory;
    },
    get fallbackName() {
      return source.fallbackName;
    },
    runsDirectory: source.runsDirectory,
    ...(source.envFile === undefined ? {} : { envFile: source.envFile }),
    load: async (profiles, services) => {
      const project = await source.load(profiles, services);
      warn(project);
      return await withWorkspaceFiles(project);
    },
    // A command ends before anybody could change a file.
    watch: () => ({ close: async () => {} }),
    readEnv: () => source.readEnv(),
    formFile: (project, service) => source.formFile(project, service),
  };
}

/** Each warning of the files once, however often they are read; never among the results. */
function warnOnce({ paint, stderr }: CliContext): (project: Project) => void {
  const told = new Set<string>();
  return ({ warnings = [] }) => {
    for (const warning of warnings) {
      const text = warningText(warning);
      if (told.has(text)) continue;
      told.add(text);
      stderr.write(`${paint.err('yellow', 'warning:')} ${text}\n`);
    }
  };
}

/** In a workspace of the panel a service is replaced when the app's own files that it mounts have changed: here as there. */
async function withWorkspaceFiles(project: Project): Promise<Project> {
  const isWorkspace = await access(join(project.workingDir, WORKSPACE_MARK)).then(
    () => true,
    () => false,
  );
  if (!isWorkspace) return project;
  const { withMountHashes } = await import('../../main/stack/mount-hashes.ts');
  return await withMountHashes(project);
}

async function readAll(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_STDIN_BYTES)
      throw new AppError('compose.invalid', `Standard input is longer than ${MAX_STDIN_BYTES} bytes.`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Standard input can be read once; the files are read at every use. */
function once(read: () => Promise<string>): () => Promise<string> {
  let text: Promise<string> | undefined;
  return () => {
    text ??= read();
    return text;
  };
}
