import { AppError } from '../../shared/errors/app-error.ts';
import {
  type DockerContext,
  type ProjectSummary,
  WORKSPACE_PROJECT,
} from '../../shared/stack/projects-contract.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import type { OpenProject, OpenProjects } from './open-project.ts';

/** The projects of the panel. */
export class ProjectsService implements OpenProjects {
  readonly #workspace: OpenProject;
  readonly #publisher = new StatePublisher<{ projects: ProjectSummary[] }>({ projects: [] });

  constructor(workspace: OpenProject) {
    this.#workspace = workspace;
  }

  get(projectId: string): OpenProject {
    if (projectId === WORKSPACE_PROJECT) return this.#workspace;
    throw new AppError('project.unknown', 'There is no such project.', { params: { project: projectId } });
  }

  all(): Iterable<OpenProject> {
    return [this.#workspace];
  }

  subscribe(signal?: AbortSignal): AsyncGenerator<{ projects: ProjectSummary[] }, void, void> {
    return this.#publisher.subscribe(signal);
  }

  async openChosen(_choose: 'folder' | 'file'): Promise<{ projectId?: string }> {
    throw notYet();
  }

  async openFound(_projectId: string): Promise<string> {
    throw notYet();
  }

  async close(_projectId: string): Promise<void> {
    throw notYet();
  }

  async contexts(): Promise<DockerContext[]> {
    throw notYet();
  }

  async useContext(_name: string): Promise<void> {
    throw notYet();
  }
}

function notYet(): AppError {
  return new AppError('internal', 'This does not work yet.');
}
