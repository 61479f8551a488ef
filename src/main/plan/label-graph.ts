import type { Project } from '../compose/project.ts';
import { orderLeniently } from '../compose/service-order.ts';
import { LABEL, parseDependsOnLabel } from './labels.ts';
import type { OwnState } from './own-state.ts';
import { sharedServices } from './resolved-definition.ts';

/** Who depends on whom among what exists, from labels; the project, where it can be read, adds to it. */
export interface LabelGraph {
  /** Names of the services that exist, dependants first. */
  readonly dependantsFirst: readonly string[];
  /** Only dependants that come earlier: a circle in the labels must not block everything. */
  dependants(service: string): readonly string[];
}

export function labelGraph({ byService }: OwnState, project: Project | undefined): LabelGraph {
  const graph: Record<string, readonly string[]> = {};
  for (const [name, containers] of byService) {
    const service = project?.services[name];
    const known =
      service === undefined ? [] : [...Object.keys(service.dependsOn), ...sharedServices(service.definition)];
    graph[name] = [
      ...known,
      ...containers.flatMap(({ labels }) => parseDependsOnLabel(labels[LABEL.dependsOn])),
    ];
  }
  const dependantsFirst = [...orderLeniently(graph)].reverse();
  const position = new Map(dependantsFirst.map((name, index) => [name, index]));
  const at = (name: string) => position.get(name) ?? -1;
  const dependants = new Map<string, string[]>();
  for (const [name, needs] of Object.entries(graph))
    for (const need of needs) {
      if (at(name) >= at(need)) continue;
      dependants.set(need, [...(dependants.get(need) ?? []), name]);
    }
  return { dependantsFirst, dependants: (service) => dependants.get(service) ?? [] };
}
