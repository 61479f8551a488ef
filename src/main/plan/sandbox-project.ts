import type { Project, Service } from '../compose/project.ts';

/**
 * The part of a project that runs as local processes: no images, networks or volumes, no service without a sandbox,
 * and one instance at most, since its port is fixed in its environment.
 */
export function sandboxProject(project: Project): Project {
  const runs = Object.entries(project.services).filter(
    ([, service]) => service.skilldeck.sandbox !== undefined,
  );
  const names = new Set(runs.map(([name]) => name));
  const services = runs.map(([name, service]): [string, Service] => {
    const { build: _build, ...rest } = service;
    const dependsOn = Object.entries(service.dependsOn).filter(([dependency]) => names.has(dependency));
    const replicas = Math.min(1, service.replicas);
    const sandboxed = {
      ...rest,
      networks: {},
      volumes: [],
      dependsOn: Object.fromEntries(dependsOn),
      replicas,
    };
    return [name, sandboxed];
  });
  return { ...project, services: Object.fromEntries(services), networks: {}, volumes: {} };
}
