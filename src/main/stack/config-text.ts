import { isSecret } from '../../shared/stack/is-secret.ts';
import { toConfigYaml } from '../compose/canonical/to-config-yaml.ts';
import type { FileObjectDefinition, ServiceDefinition } from '../compose/definition.ts';
import type { Project, Service } from '../compose/project.ts';

const MASK = '••••';

/** The project as `docker compose config` prints it, for reading: values of secrets are masked. */
export function configText(project: Project): string {
  const services = mapValues(
    project.services,
    (service): Service => ({ ...service, definition: maskService(service.definition) }),
  );
  const secrets = mapValues(
    project.secrets ?? {},
    (secret): FileObjectDefinition => (secret.content === undefined ? secret : { ...secret, content: MASK }),
  );
  return toConfigYaml({ ...project, services, ...(project.secrets === undefined ? {} : { secrets }) });
}

/** Keys keep their order: it is that of Compose. */
function maskService(definition: ServiceDefinition): ServiceDefinition {
  const { build, environment } = definition;
  return {
    ...definition,
    ...(environment === undefined ? {} : { environment: maskValues(environment) }),
    ...(build?.args === undefined ? {} : { build: { ...build, args: maskValues(build.args) } }),
  };
}

function maskValues(values: Readonly<Record<string, string | null>>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value !== null && value !== '' && isSecret(name, value) ? MASK : value,
    ]),
  );
}

function mapValues<T>(values: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
