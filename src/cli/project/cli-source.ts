import { isAbsolute, resolve } from 'node:path';
import { folderSource } from '../../main/stack/folder-source.ts';
import type { ProjectSource } from '../../main/stack/project-source.ts';
import type { CliContext } from '../cli-context.ts';

/** The project that the command line means, read from its files at every use; nothing is watched. */
export function cliSource(context: CliContext): ProjectSource {
  const { cwd, env, globals } = context;
  const source = folderSource({
    directory: cwd,
    processEnv: env,
    ...(globals.file === undefined ? {} : { files: globals.file }),
    ...(globals.projectName === undefined ? {} : { projectName: globals.projectName }),
    ...(globals.profile === undefined ? {} : { profiles: globals.profile }),
    ...(globals.envFile === undefined ? {} : { envFiles: globals.envFile }),
    ...(globals.projectDirectory === undefined
      ? {}
      : { projectDirectory: absolute(cwd, globals.projectDirectory) }),
  });
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
    load: (profiles) => source.load(profiles),
    // A command ends before anybody could change a file.
    watch: () => ({ close: async () => {} }),
    readEnv: () => source.readEnv(),
    formFile: (project, service) => source.formFile(project, service),
  };
}

function absolute(cwd: string, path: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path);
}
