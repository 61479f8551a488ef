import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import { WORKSPACE_PROJECT } from '../../shared/stack/projects-contract.ts';
import type { Project } from '../compose/project.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { applyProfileChoice, environmentProfiles } from './apply-profile-choice.ts';
import { withMountHashes } from './mount-hashes.ts';
import type { ProfileChoice, ProjectSource } from './project-source.ts';
import { readProjectFile } from './read-project-file.ts';
import { rememberLoad } from './remember-load.ts';
import { watchFiles } from './watch-files.ts';

/** The bundled stack in its workspace. What `.env` says wins over the process's environment (docs/adr/0007). */
export function workspaceSource(workspace: Workspace): ProjectSource {
  const { composeFile, directory, envFile, overrideFile, runs } = workspace.paths;
  const load = rememberLoad();
  return {
    id: WORKSPACE_PROJECT,
    directory,
    get fallbackName() {
      return workspace.settings.project;
    },
    runsDirectory: runs,
    envFile,
    load: (profiles = {}, services = []) => loadWorkspaceProject(workspace, load, profiles, services),
    watch: (onChange) => watchFiles([composeFile, overrideFile, envFile], onChange),
    readEnv: () => workspace.readEnv(),
    // The bundled file is the app's: an upgrade replaces it.
    formFile: async () => overrideFile,
  };
}

async function loadWorkspaceProject(
  workspace: Workspace,
  load: ReturnType<typeof rememberLoad>,
  choice: ProfileChoice,
  services: readonly string[],
): Promise<Project> {
  const env = await workspace.readEnv();
  const { composeFile, directory, overrideFile } = workspace.paths;
  const base = await readProjectFile(composeFile);
  if (base === undefined)
    throw new AppError('workspace.invalid', phrase('compose_file_missing', { path: composeFile }), {
      hint: 'Start Skilldeck again: it puts the file back.',
      params: { path: composeFile },
    });
  const override = await readProjectFile(overrideFile);
  const project = await load({
    files: [
      { path: composeFile, text: base },
      ...(override === undefined ? [] : [{ path: overrideFile, text: override }]),
    ],
    env,
    workingDir: directory,
    profiles: applyProfileChoice(environmentProfiles(env), choice),
    services,
    readText: readProjectFile,
  });
  return withMountHashes(project);
}
