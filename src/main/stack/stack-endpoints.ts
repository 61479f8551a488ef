import type { Endpoint, EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project, Service } from '../compose/project.ts';

/** Where the services can be reached from this computer. The TLS ones exist only where the proxy runs. */
export function stackEndpoints(project: Project, engine: EngineKind): readonly Endpoint[] {
  const gateway = publishedPort(project, 'gateway');
  const files = publishedPort(project, 'file-manager');
  const proxy = engine === 'docker' ? publishedPort(project, 'proxy') : undefined;
  return [
    ...(gateway === undefined ? [] : [{ id: 'gateway' as const, url: `http://127.0.0.1:${gateway}` }]),
    ...(proxy === undefined ? [] : [{ id: 'gateway-tls' as const, url: `https://127.0.0.1:${proxy}/v1` }]),
    ...(files === undefined ? [] : [{ id: 'file-manager' as const, url: `http://127.0.0.1:${files}` }]),
    ...(proxy === undefined ? [] : [{ id: 'file-manager-tls' as const, url: `https://127.0.0.1:${proxy}/` }]),
  ];
}

function publishedPort(project: Project, role: Service['skilldeck']['role']): number | undefined {
  const service = Object.values(project.services).find((candidate) => candidate.skilldeck.role === role);
  return service?.ports.find((port) => port.published !== undefined)?.published;
}
