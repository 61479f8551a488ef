import type { Project, Service } from '../compose/project.ts';

/** The part of a project that runs as local processes: no images, networks or volumes, and no service without a sandbox. */
export function sandboxProject(project: Project): Project {
  const runs = Object.entries(project.services).filter(
    ([, service]) => service.skilldeck.sandbox !== undefined,
  );
  const names = new Set(runs.map(([name]) => name));
  const services = runs.map(([name, service]): [string, Service] => {
    const { build: _build, ...rest } = service;
    const dependsOn = Object.entries(service.dependsOn).filter(([dependency]) => names.has(dependency));
    return [name, { ...rest, networks: {}, volumes: [], dependsOn: Object.fromEntries(dependsOn) }];
  });
  return { ...project, services: Object.fromEntries(services), networks: {}, volumes: {} };
}
