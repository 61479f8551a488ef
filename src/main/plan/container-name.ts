import type { Project, Service } from '../compose/project.ts';

/** `container_name` of the file, else `<project>-<service>-<number>` as Compose names it. */
export function containerName(project: Project, service: Service, number: number): string {
  return service.containerName ?? `${project.name}-${service.name}-${number}`;
}

/** What the service runs: `image` of the file, else the tag that a build without one gets, as Compose names it. */
export function imageReference(project: Project, service: Service): string {
  return service.image ?? `${project.name}-${service.name}`;
}
