import path from 'node:path';
import { type ConfigProblem, jsonErrorPlace } from '@skilldeck/agent-skills';
import { type BackendConfig, LlamaCppBackendSchema, OpenAiBackendSchema } from './backend-schema.ts';
import { toConfigProblems } from './config-problems.ts';
import { type ConfigFile, ConfigFileSchema, type GatewayConfig } from './config-schema.ts';
import { type Environment, readEnvironment } from './environment.ts';

export type ConfigResult =
  | {
      readonly kind: 'ok';
      readonly config: GatewayConfig;
      readonly environment: Environment;
      /** What the file says, without the defaults. */
      readonly file: unknown;
    }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

export interface ConfigInput {
  readonly path: string;
  /** `undefined` when there is no such file: the defaults and the environment are enough to start. */
  readonly text: string | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/** Name of the backend that UPSTREAM_BASE_URL describes, and of the secret UPSTREAM_API_KEY sets. */
export const UPSTREAM_NAME = 'upstream';

/** Puts the environment on top of the file. Pure; what is refused is named with the key, the expectation and the value. */
export function resolveConfig(input: ConfigInput): ConfigResult {
  const { path: file } = input;
  const env = readEnvironment(input.variables);
  if (env.kind === 'invalid') return { kind: 'invalid', problems: toConfigProblems(env.issues, env.input) };
  const json = parseJson(input);
  if (json.kind === 'invalid') return json;
  const parsed = ConfigFileSchema.safeParse(json.value);
  if (!parsed.success)
    return { kind: 'invalid', problems: toConfigProblems(parsed.error.issues, json.value, file) };
  const config = applyEnvironment(parsed.data, env.environment, input);
  const names = config.backends.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { kind: 'invalid', problems: [{ kind: 'name_twice', file, name: twice }] };
  return { kind: 'ok', config, environment: env.environment, file: json.value };
}

function parseJson({
  text,
  path: file,
}: ConfigInput): { kind: 'ok'; value: unknown } | Extract<ConfigResult, { kind: 'invalid' }> {
  if (text === undefined) return { kind: 'ok', value: {} };
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return { kind: 'ok', value };
  } catch {
    return { kind: 'invalid', problems: [{ kind: 'not_json', file, ...jsonErrorPlace(text) }] };
  }
}

function applyEnvironment(file: ConfigFile, env: Environment, input: ConfigInput): GatewayConfig {
  const dataDir = path.resolve(input.workingDirectory, env.DATA_DIR ?? 'data');
  const { $schema: _schema, ...settings } = file;
  return {
    ...settings,
    path: input.path,
    host: env.HOST ?? '127.0.0.1',
    port: env.PORT ?? 8080,
    dataDir,
    skillsDir: path.resolve(input.workingDirectory, env.SKILLS_DIR ?? path.join(dataDir, 'skills')),
    maxConcurrent: env.MAX_CONCURRENT ?? file.maxConcurrent,
    maxQueue: env.MAX_QUEUE ?? file.maxQueue,
    logLevel: env.LOG_LEVEL ?? file.logLevel,
    configReloadSeconds: env.CONFIG_RELOAD_SECONDS ?? file.configReloadSeconds,
    timeouts: {
      queueMs: env.QUEUE_TIMEOUT_MS ?? file.timeouts.queueMs,
      connectMs: env.UPSTREAM_CONNECT_TIMEOUT_MS ?? file.timeouts.connectMs,
      firstByteMs: env.UPSTREAM_FIRST_BYTE_TIMEOUT_MS ?? file.timeouts.firstByteMs,
      idleMs: env.UPSTREAM_IDLE_TIMEOUT_MS ?? file.timeouts.idleMs,
      requestMs: env.REQUEST_TIMEOUT_MS ?? file.timeouts.requestMs,
      drainMs: env.DRAIN_TIMEOUT_MS ?? file.timeouts.drainMs,
      pingMs: env.SSE_PING_MS ?? file.timeouts.pingMs,
      writeMs: file.timeouts.writeMs,
    },
    backends: resolveBackends(file.backends, env, dataDir),
  };
}

function resolveBackends(
  backends: readonly BackendConfig[],
  env: Environment,
  dataDir: string,
): BackendConfig[] {
  let modelPath = env.MODEL_PATH;
  const resolved = backends.map((backend): BackendConfig => {
    if (backend.kind === 'openai') return reachable(backend, env.UPSTREAM_LOOPBACK_HOST);
    const chosen = modelPath ?? backend.modelPath;
    modelPath = undefined;
    return { ...backend, modelPath: path.resolve(dataDir, chosen), gpu: env.LLAMA_GPU ?? backend.gpu };
  });
  if (modelPath !== undefined) {
    const absolute = path.resolve(dataDir, modelPath);
    resolved.push(
      LlamaCppBackendSchema.parse({
        name: 'local',
        kind: 'llama-cpp',
        modelPath: absolute,
        gpu: env.LLAMA_GPU,
      }),
    );
  }
  if (env.UPSTREAM_BASE_URL !== undefined) {
    const upstream = OpenAiBackendSchema.parse({
      name: UPSTREAM_NAME,
      kind: 'openai',
      baseUrl: env.UPSTREAM_BASE_URL,
      apiKeySecret: UPSTREAM_NAME,
      model: env.UPSTREAM_MODEL,
    });
    const others = resolved.filter(({ name }) => name !== UPSTREAM_NAME);
    return [reachable(upstream, env.UPSTREAM_LOOPBACK_HOST), ...others];
  }
  return resolved;
}

/** In a container "localhost" is the container itself; the person meant the machine it runs on. */
function reachable(
  backend: Extract<BackendConfig, { kind: 'openai' }>,
  loopbackHost: string | undefined,
): BackendConfig {
  if (loopbackHost === undefined) return backend;
  const url = new URL(backend.baseUrl);
  if (!/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)) return backend;
  url.hostname = loopbackHost;
  return { ...backend, baseUrl: url.href.replace(/\/+$/, '') };
}
