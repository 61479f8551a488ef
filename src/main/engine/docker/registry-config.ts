import { normaliseRegistry, serverAddressOf } from './registry-name.ts';

/** As the Engine API takes it (`X-Registry-Auth`). Secret: never in a log, an error or a snapshot. */
export interface RegistryAuth {
  readonly serveraddress: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

/** What the Docker CLI's `config.json` says about registries, by normalised name. */
export interface RegistryConfig {
  readonly auths: ReadonlyMap<string, RegistryAuth>;
  /** Names of helpers, e.g. `osxkeychain` for `docker-credential-osxkeychain`. */
  readonly helpers: ReadonlyMap<string, string>;
  readonly store?: string;
  /** All that the file names, those whose login only a helper has among them. */
  readonly names: readonly string[];
}

const MAX_REGISTRIES = 200;
/** A helper's name becomes part of a program's name; nothing that could leave the search path. */
const HELPER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Reads what is there; a damaged file or entry counts as absent, as an anonymous pull may still work. */
export function parseRegistryConfig(text: string | undefined): RegistryConfig {
  const config = parseRecord(text);
  const auths = new Map<string, RegistryAuth>();
  for (const [name, entry] of entriesOf(config.auths)) {
    const registry = normaliseRegistry(name);
    const auth = readAuth(registry, entry);
    // The CLI's own key has the last word over other spellings of the same registry.
    if (auth && (!auths.has(registry) || name === auth.serveraddress)) auths.set(registry, auth);
  }
  const helpers = new Map<string, string>();
  for (const [name, helper] of entriesOf(config.credHelpers))
    if (isHelperName(helper)) helpers.set(normaliseRegistry(name), helper);
  const store = config.credsStore;
  const names = [
    ...new Set([...entriesOf(config.auths).map(([name]) => normaliseRegistry(name)), ...helpers.keys()]),
  ];
  return { auths, helpers, names, ...(isHelperName(store) ? { store } : {}) };
}

function readAuth(registry: string, entry: unknown): RegistryAuth | undefined {
  const fields = asRecord(entry);
  const decoded = decodeAuth(text(fields.auth));
  const username = decoded?.username ?? text(fields.username);
  const password = decoded?.password ?? text(fields.password);
  const identitytoken = text(fields.identitytoken);
  const registrytoken = text(fields.registrytoken);
  const hasLogin = username !== undefined && password !== undefined;
  if (!hasLogin && identitytoken === undefined && registrytoken === undefined) return undefined;
  return {
    serveraddress: serverAddressOf(registry),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(identitytoken === undefined ? {} : { identitytoken }),
    ...(registrytoken === undefined ? {} : { registrytoken }),
  };
}

/** `base64(user:password)`; the password may hold colons, and old clients padded it with zero bytes. */
function decodeAuth(auth: string | undefined) {
  if (auth === undefined) return undefined;
  const plain = Buffer.from(auth, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  if (colon < 1) return undefined;
  const password = plain.slice(colon + 1).replace(/\0+$/, '');
  return { username: plain.slice(0, colon), ...(password === '' ? {} : { password }) };
}

function isHelperName(value: unknown): value is string {
  return typeof value === 'string' && HELPER_NAME.test(value);
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return Object.entries(asRecord(value)).slice(0, MAX_REGISTRIES);
}

function parseRecord(source: string | undefined): Readonly<Record<string, unknown>> {
  if (source === undefined) return {};
  try {
    return asRecord(JSON.parse(source));
  } catch {
    return {};
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
