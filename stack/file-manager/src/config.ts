import path from 'node:path';
import { z } from 'zod';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const Whole = (minimum: number, maximum: number) => z.coerce.number().int().min(minimum).max(maximum);

const SettingsSchema = z.object({
  host: z.string().min(1).default('127.0.0.1'),
  port: Whole(0, 65_535).default(8081),
  root_dir: z.string().min(1).default('../data'),
  /** Empty: the key that signs sessions lives in memory, and a restart signs everyone out. */
  state_dir: z.string().default(''),
  public_dir: z.string().default(''),
  user: z.string().min(1).max(64).default('admin'),
  session_hours: Whole(1, 24 * 90).default(12),
  text_limit_bytes: Whole(1024, 64 * 1024 ** 2).default(1024 ** 2),
  model_limit_bytes: Whole(1024, 1024 ** 4).default(64 * 1024 ** 3),
  list_limit: Whole(1, 100_000).default(5000),
  trust_proxy: z
    .string()
    .transform((value) => value.toLowerCase())
    .pipe(z.enum(['true', 'false']))
    .transform((value) => value === 'true')
    .default(true),
  log_level: z
    .string()
    .transform((value) => value.toLowerCase())
    .transform((value) => (value === 'warning' ? 'warn' : value))
    .pipe(z.enum(LEVELS))
    .default('info'),
});

const KEYS = Object.keys(SettingsSchema.shape);
/** Names that would mean something else in a person's shell. */
const VARIABLE_OF: Readonly<Record<string, string>> = { user: 'FILE_MANAGER_USER' };
const SHORTEST_PASSWORD = 8;

export interface FileManagerConfig {
  readonly host: string;
  readonly port: number;
  readonly rootDir: string;
  readonly stateDir: string | undefined;
  readonly publicDir: string | undefined;
  readonly user: string;
  readonly password: string;
  readonly sessionMs: number;
  readonly textLimitBytes: number;
  readonly modelLimitBytes: number;
  readonly listLimit: number;
  readonly trustProxy: boolean;
  readonly logLevel: (typeof LEVELS)[number];
  readonly parentPid: number | undefined;
}

export type ConfigResult =
  | { readonly kind: 'ok'; readonly config: FileManagerConfig }
  | { readonly kind: 'invalid'; readonly message: string };

export interface ConfigInput {
  /** Name and text of app.conf; `text` is undefined when there is none. */
  readonly path: string;
  readonly text: string | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/** Puts the environment on top of app.conf. Pure; every refusal is a sentence that names the key. */
export function resolveConfig(input: ConfigInput): ConfigResult {
  const file = parseConf(input.text ?? '', input.path);
  if (file.kind === 'invalid') return file;
  const values: Record<string, string> = { ...file.values };
  for (const key of KEYS) {
    // Compose files write a variable that is not set as an empty one.
    const value = input.variables[VARIABLE_OF[key] ?? key.toUpperCase()];
    if (value !== undefined && value !== '') values[key] = value;
  }
  const parsed = SettingsSchema.safeParse(values);
  if (!parsed.success) {
    const sentences = parsed.error.issues.map((issue) => {
      const key = String(issue.path[0]);
      return `"${key}" cannot be "${values[key] ?? ''}": ${issue.message}.`;
    });
    return { kind: 'invalid', message: `${input.path}: ${sentences.join(' ')}` };
  }
  const password = input.variables.FILE_MANAGER_PASSWORD ?? '';
  if (password.length < SHORTEST_PASSWORD) {
    const found = password === '' ? 'is not set' : 'is too short';
    return {
      kind: 'invalid',
      message: `FILE_MANAGER_PASSWORD ${found}. Put one of at least ${SHORTEST_PASSWORD} characters into the .env file of the workspace.`,
    };
  }
  return { kind: 'ok', config: toConfig(parsed.data, password, input) };
}

function toConfig(
  settings: z.infer<typeof SettingsSchema>,
  password: string,
  input: ConfigInput,
): FileManagerConfig {
  const absolute = (dir: string): string => path.resolve(input.workingDirectory, dir);
  const parent = Number(input.variables.SKILLDECK_PARENT_PID);
  return {
    host: settings.host,
    port: settings.port,
    rootDir: absolute(settings.root_dir),
    stateDir: settings.state_dir === '' ? undefined : absolute(settings.state_dir),
    publicDir: settings.public_dir === '' ? undefined : absolute(settings.public_dir),
    user: settings.user,
    password,
    sessionMs: settings.session_hours * 3_600_000,
    textLimitBytes: settings.text_limit_bytes,
    modelLimitBytes: settings.model_limit_bytes,
    listLimit: settings.list_limit,
    trustProxy: settings.trust_proxy,
    logLevel: settings.log_level,
    parentPid: Number.isInteger(parent) && parent > 0 ? parent : undefined,
  };
}

type ConfResult =
  | { readonly kind: 'ok'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'invalid'; readonly message: string };

function parseConf(text: string, file: string): ConfResult {
  const values: Record<string, string> = {};
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const at = `${file}, line ${index + 1}`;
    const equals = line.indexOf('=');
    if (equals < 1) return { kind: 'invalid', message: `${at}: expected "key = value", found "${line}".` };
    const key = line.slice(0, equals).trim();
    if (!KEYS.includes(key)) {
      return { kind: 'invalid', message: `${at}: "${key}" is not a setting. Known are ${KEYS.join(', ')}.` };
    }
    values[key] = line.slice(equals + 1).trim();
  }
  return { kind: 'ok', values };
}
