import type { HealthcheckDefinition, ProjectDefinition } from '../../compose/definition.ts';
import type { Healthcheck, Project, Service } from '../../compose/project.ts';
import { testService } from './docker-test-bed.ts';

/**
 * For tests only: a project from what `docker compose config --format json` prints, so that the engine can be held
 * against Compose without the loader in between.
 */
export function projectFromCanonical(
  printed: ProjectDefinition,
  workingDir: string,
  configFiles: readonly string[],
): Project {
  const project = unescaped(printed) as ProjectDefinition;
  const { name, networks = {}, volumes = {}, services, configs, secrets } = project;
  return {
    name,
    workingDir,
    configFiles,
    services: mapValues(services, (definition, key): Service => {
      const { healthcheck, stop_grace_period: grace } = definition;
      const { stopGracePeriodMs: _none, ...base } = testService(key, { definition });
      return {
        ...base,
        // As printed: the order of its keys is part of the hash.
        definition,
        ...(definition.image === undefined ? {} : { image: definition.image }),
        ...(grace === undefined ? {} : { stopGracePeriodMs: durationMs(grace) }),
        ...(healthcheck === undefined ? {} : { healthcheck: interpreted(healthcheck) }),
        dependsOn: mapValues(definition.depends_on ?? {}, (one) => ({
          ...one,
          restart: one.restart === true,
        })),
      };
    }),
    networks: mapValues(networks, (definition, key) => ({
      key,
      name: definition.name,
      definition,
      external: definition.external === true,
      internal: definition.internal === true,
      ipam: definition.ipam.config ?? [],
      labels: definition.labels ?? {},
    })),
    volumes: mapValues(volumes, (definition, key) => ({
      key,
      name: definition.name,
      definition,
      external: definition.external === true,
      driverOpts: definition.driver_opts ?? {},
      labels: definition.labels ?? {},
    })),
    ...(configs === undefined ? {} : { configs }),
    ...(secrets === undefined ? {} : { secrets }),
  };
}

function interpreted(check: HealthcheckDefinition): Healthcheck {
  const ms = (name: string, text: string | undefined) => (text ? { [name]: durationMs(text) } : {});
  return {
    disabled: check.disable === true,
    ...(check.test === undefined ? {} : { test: check.test }),
    ...(check.retries === undefined ? {} : { retries: check.retries }),
    ...ms('intervalMs', check.interval),
    ...ms('timeoutMs', check.timeout),
    ...ms('startPeriodMs', check.start_period),
    ...ms('startIntervalMs', check.start_interval),
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Go's form, e.g. `1m30s`. */
function durationMs(text: string): number {
  const parts = [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}

function unescaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$$', '$');
  if (Array.isArray(value)) return value.map(unescaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unescaped(part)]));
}

function mapValues<T, R>(
  values: Readonly<Record<string, T>>,
  work: (value: T, key: string) => R,
): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, work(value, key)]));
}
