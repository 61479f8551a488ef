import { stringify } from 'yaml';
import type { ServiceDefinition, TextMap } from '../compose/definition.ts';
import type { Project } from '../compose/project.ts';
import { isSecret } from '../plan/secret-values.ts';

const MASK = '••••';

/** The project as `docker compose config` shows it, for reading: values of secrets are masked. */
export function configText(project: Project): string {
  const parts = {
    name: project.name,
    ...named('configs', project.configs),
    ...named('models', project.models),
    ...named('networks', definitions(project.networks)),
    ...named('secrets', maskContents(project.secrets)),
    services: Object.fromEntries(
      Object.values(project.services).map(({ name, definition }) => [name, maskService(definition)]),
    ),
    ...named('volumes', definitions(project.volumes)),
    ...project.extensions,
  };
  return stringify(parts, { lineWidth: 0, aliasDuplicateObjects: false });
}

function maskService(definition: ServiceDefinition): ServiceDefinition {
  const { build, environment } = definition;
  return {
    ...definition,
    ...(environment === undefined ? {} : { environment: masked(environment) }),
    ...(build?.args === undefined ? {} : { build: { ...build, args: masked(build.args) } }),
  };
}

function masked(values: Readonly<Record<string, string | null>>): Readonly<Record<string, string | null>> {
  const entries = Object.entries(values).map(([name, value]): [string, string | null] => [
    name,
    value !== null && value !== '' && isSecret(name, value) ? MASK : value,
  ]);
  return Object.fromEntries(entries);
}

function maskContents(secrets: Project['secrets']): Project['secrets'] {
  if (secrets === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(secrets).map(([name, secret]) => [
      name,
      secret.content === undefined ? secret : { ...secret, content: MASK },
    ]),
  );
}

function definitions(parts: Readonly<Record<string, { readonly definition: object }>>): object {
  return Object.fromEntries(Object.entries(parts).map(([name, { definition }]) => [name, definition]));
}

function named(key: string, value: object | TextMap | undefined): object {
  return value === undefined || Object.keys(value).length === 0 ? {} : { [key]: value };
}
