import type { ConfigValue } from '@skilldeck/agent-skills';
import { isJsonObject } from '../json.ts';
import type { GatewayConfig } from './config-schema.ts';
import type { Environment } from './environment.ts';
import { needsRestart, VARIABLES } from './value-facts.ts';

/**
 * Every value that the gateway runs by, and where it comes from.
 *
 * @param file what `config.json` says, as it was parsed
 */
export function describeConfig(
  config: GatewayConfig,
  file: unknown,
  environment: Environment,
): readonly ConfigValue[] {
  const values: ConfigValue[] = [];
  const add = (key: string, value: unknown, inFile: unknown): void => {
    if (Array.isArray(value)) {
      if (value.length === 0) push(key, value, inFile);
      for (const [index, item] of value.entries())
        add(`${key}[${index}]`, item, fileItem(item, index, inFile));
    } else if (isJsonObject(value)) {
      for (const [name, child] of Object.entries(value))
        add(key === '' ? name : `${key}.${name}`, child, isJsonObject(inFile) ? inFile[name] : undefined);
    } else if (value !== undefined) push(key, value, inFile);
  };
  const push = (key: string, value: unknown, inFile: unknown): void => {
    const variable = variableOf(key, config, environment);
    values.push({
      key,
      value,
      source: variable !== undefined ? 'environment' : inFile === undefined ? 'default' : 'file',
      ...(variable === undefined ? {} : { variable }),
      needsRestart: needsRestart(key) || variable !== undefined,
    });
  };
  add('', config, file);
  return values;
}

/** Backends are told by their names: the environment may have put one before those of the file. */
function fileItem(item: unknown, index: number, inFile: unknown): unknown {
  if (!Array.isArray(inFile)) return undefined;
  if (!isJsonObject(item) || typeof item.name !== 'string') return inFile[index] as unknown;
  return inFile.find((one: unknown) => isJsonObject(one) && one.name === item.name);
}

function variableOf(key: string, config: GatewayConfig, environment: Environment): string | undefined {
  const variable = VARIABLES[key] ?? backendVariable(key, config);
  return variable !== undefined && environment[variable] !== undefined ? variable : undefined;
}

function backendVariable(key: string, { backends }: GatewayConfig): keyof Environment | undefined {
  const [, index, field] = /^backends\[(\d+)\]\.(\w+)$/.exec(key) ?? [];
  const backend = backends[Number(index)];
  if (backend?.kind === 'openai' && backend.name === 'upstream') {
    if (field === 'baseUrl') return 'UPSTREAM_BASE_URL';
    if (field === 'model') return 'UPSTREAM_MODEL';
  }
  if (backend?.kind === 'llama-cpp' && field === 'gpu') return 'LLAMA_GPU';
  const isFirstLocal = backend !== undefined && backends.find(({ kind }) => kind === 'llama-cpp') === backend;
  return isFirstLocal && field === 'modelPath' ? 'MODEL_PATH' : undefined;
}
