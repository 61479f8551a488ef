import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { ApiVersionInfo } from './api-types.ts';
import { negotiateApiVersion } from './api-version.ts';
import { type DockerApi, openDockerApi } from './docker-api.ts';
import { addressText, type DockerTarget } from './docker-host.ts';
import { findDockerTargets } from './docker-targets.ts';
import { codeOf, reasonOf } from './engine-errors.ts';
import type { HostFacts } from './host-facts.ts';
import { type ProxyVariables, readProxies } from './proxy-config.ts';
import { RegistryCredentials } from './registry-credentials.ts';

const PROBE_TIMEOUT_MS = 5000;
/** SSH signs in first, perhaps by way of another host. */
const SSH_PROBE_TIMEOUT_MS = 35_000;

export interface ConnectDeps {
  readonly facts: HostFacts;
  /** Overrides the environment and the Docker CLI's choice. */
  readonly context?: string;
  /** Whether a container engine's program is on this machine, running or not. */
  readonly isInstalled: () => Promise<boolean>;
  readonly openApi?: typeof openDockerApi;
}

export interface Connection {
  readonly api: DockerApi;
  readonly context: string;
  readonly version: string;
  readonly apiVersion: string;
  /** The engine sees this machine's files: a socket or pipe, not another host. */
  readonly isLocal: boolean;
  /** Logins of registries, as the Docker CLI keeps them on this machine. */
  readonly credentials: RegistryCredentials;
  /** Of the Docker CLI's configuration, for what is made on this engine. */
  readonly proxies: () => Promise<ProxyVariables>;
  /** Memory of the engine's machine; a container without a limit reports it as its limit. */
  readonly memoryBytes?: number;
}

interface Failure {
  readonly target: DockerTarget;
  readonly error: unknown;
}

/** Tries the targets in order; the first engine that answers is the one. */
export async function connectToDocker(deps: ConnectDeps, signal: AbortSignal): Promise<Connection> {
  const targets = await findDockerTargets(deps.facts, deps.context);
  const failures: Failure[] = [];
  for (const target of targets) {
    try {
      return await openConnection(target, deps, signal);
    } catch (error) {
      if (signal.aborted) throw new AppError('cancelled', phrase('cancelled'), { cause: error });
      // An engine that answers but cannot be used is the answer; others are not looked for.
      if (error instanceof AppError) throw error;
      failures.push({ target, error });
    }
  }
  throw await explainFailures(failures, deps);
}

async function openConnection(
  { context, address }: DockerTarget,
  { facts, openApi = openDockerApi }: ConnectDeps,
  signal: AbortSignal,
): Promise<Connection> {
  const { env } = facts;
  const timeoutMs = address.kind === 'ssh' ? SSH_PROBE_TIMEOUT_MS : PROBE_TIMEOUT_MS;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const probe = await openApi(address, undefined, env);
  let api: DockerApi | undefined;
  try {
    const info = await probe.json<ApiVersionInfo>({ path: '/version', signal: limited });
    if (typeof info.ApiVersion !== 'string') throw new Error('The answer is not that of a container engine.');
    const apiVersion = negotiateApiVersion({
      version: info.Version,
      apiVersion: info.ApiVersion,
      ...(info.MinAPIVersion === undefined ? {} : { minApiVersion: info.MinAPIVersion }),
    });
    api = await openApi(address, apiVersion, env);
    const machine = await api.json<{ MemTotal?: number }>({ path: '/info', signal: limited });
    return {
      api,
      context,
      version: info.Version,
      apiVersion,
      credentials: new RegistryCredentials({ facts }),
      proxies: () => readProxies(facts, address),
      isLocal: address.kind === 'unix' || address.kind === 'npipe',
      ...(machine.MemTotal ? { memoryBytes: machine.MemTotal } : {}),
    };
  } catch (error) {
    api?.dispose();
    throw error;
  } finally {
    probe.dispose();
  }
}

/** The most telling failure: a closed door says more than a refused knock, and that more than a missing house. */
async function explainFailures(failures: readonly Failure[], deps: ConnectDeps): Promise<AppError> {
  const find = (...codes: string[]) => failures.find(({ error }) => codes.includes(codeOf(error) ?? ''));
  const denied = find('EACCES', 'EPERM');
  if (denied) return permissionDenied(denied, deps.facts.platform);
  const other = failures.find(
    ({ error, target }) =>
      // An engine elsewhere is not started from here.
      target.address.kind === 'tcp' || !['ENOENT', 'ENOTSOCK', 'ECONNREFUSED'].includes(codeOf(error) ?? ''),
  );
  if (other) {
    const reason = reasonOf(other.error);
    const address = addressText(other.target.address);
    return new AppError(
      'engine.unreachable',
      phrase('engine_answers_wrong', { address, reason: reason.replace(/\.$/, '') }),
      {
        hint:
          other.target.address.kind === 'ssh'
            ? `Try in a terminal: ssh ${other.target.address.host} docker version`
            : 'Check the address (docker context ls) and that the engine is running.',
        params: { address, reason },
        cause: other.error,
      },
    );
  }
  const refused = find('ECONNREFUSED');
  const [first] = failures;
  const cause = (refused ?? first)?.error;
  const isChosen = failures.length === 1 && deps.facts.platform !== 'win32';
  if (refused || isChosen || (await deps.isInstalled()))
    return new AppError('engine.not_running', phrase('docker_not_running'), {
      hint: startHint(deps.facts.platform),
      params: { address: first ? addressText((refused ?? first).target.address) : '' },
      cause,
    });
  return new AppError('engine.not_installed', 'No container engine was found on this computer.', {
    hint: 'Install Docker (or Podman, OrbStack, Colima, Rancher Desktop), or use the sandbox, which needs none.',
    cause,
  });
}

function permissionDenied({ target, error }: Failure, platform: NodeJS.Platform): AppError {
  const address = addressText(target.address);
  return new AppError(
    'engine.permission_denied',
    `You are not allowed to use the container engine at ${address}.`,
    {
      hint:
        platform === 'linux'
          ? 'Run: sudo usermod -aG docker $USER — then log out and in again.'
          : 'Give your user access to Docker, e.g. by reinstalling Docker Desktop for this user.',
      params: { address },
      cause: error,
    },
  );
}

function startHint(platform: NodeJS.Platform): string {
  return platform === 'linux'
    ? 'Start it with: sudo systemctl start docker (or open Docker Desktop).'
    : 'Open Docker Desktop (or the engine that you use) and wait until it says that it is running.';
}
