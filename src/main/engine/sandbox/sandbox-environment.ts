import path from 'node:path';
import type { SandboxSpec } from '../../compose/project.ts';

/** How to run Node: inside Electron that is Electron itself with `ELECTRON_RUN_AS_NODE`. */
export interface NodeCommand {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface LaunchSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Of the panel's own environment only these reach a service: the rest is nobody's business there. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'SystemRoot',
  'TEMP',
  'TMP',
  'TMPDIR',
  'LANG',
  'LC_ALL',
  'TZ',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
] as const;

export interface LaunchInput {
  readonly spec: SandboxSpec;
  readonly bundleDir: string;
  readonly node: NodeCommand;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly parentPid: number;
}

/** What is started for a service. Secrets are in the environment only, never among the arguments. */
export function launchSpec({ spec, bundleDir, node, processEnv, parentPid }: LaunchInput): LaunchSpec {
  const [command = '', ...args] = spec.command;
  const isNode = command === 'node';
  const env: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = processEnv[name];
    if (value !== undefined) env[name] = value;
  }
  return {
    file: isNode ? node.path : command,
    args,
    cwd: path.resolve(bundleDir, spec.workingDir),
    env: {
      ...env,
      ...(isNode ? node.env : {}),
      ...spec.environment,
      SKILLDECK_PARENT_PID: String(parentPid),
    },
  };
}
