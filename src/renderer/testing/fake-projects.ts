import { AppError } from '../../shared/errors/app-error.ts';
import type { RpcClient } from '../rpc/client.ts';
import { type FakeWorld, record } from './fake-world.ts';
import { iterate } from './iterate.ts';
import { OPENED_PROJECT, SAMPLE_CONTEXTS } from './sample-projects.ts';

/** Projects in memory; the system's dialog always answers with the same folder. */
export function fakeProjects(world: FakeWorld): RpcClient['projects'] {
  let contexts = SAMPLE_CONTEXTS;
  const change = (id: string, kind: 'open' | 'found') => {
    const known = world.projects.value.projects;
    if (!known.some((project) => project.id === id))
      throw new AppError('project.unknown', `There is no project ${id}.`);
    world.projects.publish({
      projects: known.map((project) => (project.id === id ? { ...project, kind } : project)),
    });
  };
  return {
    subscribe: async (_input, options) => iterate(world.projects.subscribe(options?.signal)),
    open: async (input) => {
      record(world, 'projects.open', input);
      const { projects } = world.projects.value;
      if (!projects.some(({ id }) => id === OPENED_PROJECT.id))
        world.projects.publish({ projects: [...projects, OPENED_PROJECT] });
      return { projectId: OPENED_PROJECT.id };
    },
    openFound: async (input) => {
      record(world, 'projects.openFound', input);
      change(input.projectId, 'open');
      return { projectId: input.projectId };
    },
    close: async (input) => {
      record(world, 'projects.close', input);
      const { projects } = world.projects.value;
      const closed = projects.find(({ id }) => id === input.projectId);
      if (closed && closed.total > 0) change(input.projectId, 'found');
      else world.projects.publish({ projects: projects.filter(({ id }) => id !== input.projectId) });
      return {};
    },
    contexts: async () => [...contexts],
    useContext: async (input) => {
      record(world, 'projects.useContext', input);
      contexts = contexts.map((context) => ({ ...context, current: context.name === input.name }));
      return {};
    },
  };
}
