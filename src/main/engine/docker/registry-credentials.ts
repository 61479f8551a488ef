import { askCredentialHelper, type Credentials } from './credential-helper.ts';
import { configFolder, type HostFacts, joinPath } from './host-facts.ts';
import { parseRegistryConfig, type RegistryAuth, type RegistryConfig } from './registry-config.ts';
import { registryOf } from './registry-name.ts';
import { type RunBounded, runBounded } from './run-bounded.ts';

/** Long enough that a plan with many images asks a keychain once, short enough that a new login counts. */
const REMEMBER_MS = 30_000;
const MAX_REGISTRIES = 50;

export interface RegistryCredentialsDeps {
  readonly facts: HostFacts;
  readonly run?: RunBounded;
  readonly now?: () => number;
}

/**
 * The logins of the Docker CLI (`docker login`), read anew each time: `credHelpers`, then `credsStore`, then `auths`.
 *
 * A helper that fails is told as such and does not stop a pull; what it guards may be public.
 */
export class RegistryCredentials {
  readonly #facts: HostFacts;
  readonly #run: RunBounded;
  readonly #now: () => number;
  readonly #found = new Map<string, { readonly until: number; readonly credentials: Credentials }>();
  readonly #asking = new Map<string, Promise<Credentials>>();

  constructor({ facts, run = runBounded, now = Date.now }: RegistryCredentialsDeps) {
    this.#facts = facts;
    this.#run = run;
    this.#now = now;
  }

  forImage(reference: string, signal: AbortSignal): Promise<Credentials> {
    return this.forRegistry(registryOf(reference), signal);
  }

  /** @param registry normalised, see `normaliseRegistry` */
  async forRegistry(registry: string, signal: AbortSignal): Promise<Credentials> {
    const config = await this.#config();
    const helper = config.helpers.get(registry) ?? config.store;
    const stored = config.auths.get(registry);
    if (helper === undefined) return stored ? { kind: 'found', auth: stored } : { kind: 'none' };
    const answer = await this.#ask(helper, registry, signal);
    return answer.kind === 'found' || stored === undefined ? answer : { kind: 'found', auth: stored };
  }

  /** Of every registry that the configuration names, as a build of the classic builder wants them. */
  async all(signal: AbortSignal): Promise<Readonly<Record<string, RegistryAuth>>> {
    const { names } = await this.#config();
    const answers = await Promise.all(
      names.slice(0, MAX_REGISTRIES).map((registry) => this.forRegistry(registry, signal)),
    );
    return Object.fromEntries(
      answers.flatMap((answer) =>
        answer.kind === 'found' ? [[answer.auth.serveraddress, answer.auth]] : [],
      ),
    );
  }

  async #config(): Promise<RegistryConfig> {
    const path = joinPath(this.#facts, configFolder(this.#facts), 'config.json');
    return parseRegistryConfig(await this.#facts.readText(path));
  }

  async #ask(helper: string, registry: string, signal: AbortSignal): Promise<Credentials> {
    const key = `${helper} ${registry}`;
    const known = this.#found.get(key);
    if (known && known.until > this.#now()) return known.credentials;
    let asking = this.#asking.get(key);
    if (!asking) {
      // Shared by all who ask, so it runs to its own end; who is cancelled only stops waiting.
      asking = askCredentialHelper(
        helper,
        registry,
        { env: this.#facts.env, platform: this.#facts.platform, run: this.#run },
        NEVER,
      ).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    const credentials = await untilAborted(asking, signal);
    if (credentials.kind === 'found') this.#found.set(key, { until: this.#now() + REMEMBER_MS, credentials });
    return credentials;
  }
}

const NEVER = new AbortController().signal;

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new DOMException('Aborted', 'AbortError'));
    if (signal.aborted) return cancel();
    signal.addEventListener('abort', cancel, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}

/** Value of `X-Registry-Auth` and `X-Registry-Config`. */
export function toAuthHeader(auth: object): string {
  // Padded base64url, as Go's decoder in the engine wants it.
  return Buffer.from(JSON.stringify(auth)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
