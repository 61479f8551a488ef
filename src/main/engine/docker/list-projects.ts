import { LABEL } from '../../plan/labels.ts';
import type { EngineProject } from '../stack-engine.ts';
import type { ApiContainerSummary } from './api-types.ts';
import type { DockerApi } from './docker-api.ts';

/** Every project that has a container, by name; only instances of services are counted. */
export async function listProjects(api: DockerApi, signal: AbortSignal): Promise<readonly EngineProject[]> {
  const containers = await api.json<readonly ApiContainerSummary[]>({
    path: '/containers/json',
    query: { all: true, filters: { label: [LABEL.project, LABEL.configHash] } },
    signal,
  });
  const projects = new Map<string, EngineProject>();
  for (const { Labels: labels = {}, State: state } of containers) {
    const name = labels[LABEL.project] ?? '';
    const known = projects.get(name) ?? { name, configFiles: [], running: 0, total: 0 };
    const counted = labels[LABEL.oneoff] === 'True' ? 0 : 1;
    const workingDir = known.workingDir ?? labels[LABEL.workingDir];
    const files = (labels[LABEL.configFiles] ?? '').split(',').filter((file) => file !== '');
    projects.set(name, {
      name,
      ...(workingDir === undefined ? {} : { workingDir }),
      configFiles: [...new Set([...known.configFiles, ...files])],
      running: known.running + (state === 'running' ? counted : 0),
      total: known.total + counted,
    });
  }
  return [...projects.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
