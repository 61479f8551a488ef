import { quoteEnvValue } from './env-text.ts';

export interface EnvDefaults {
  readonly project: string;
  readonly version: string;
  readonly dataDirectory: string;
  readonly uid: number;
  readonly gid: number;
  readonly apiKey: string;
  readonly adminKey: string;
  readonly password: string;
}

/** The `.env` of a new workspace, with a comment on each setting, and the values in the order of the file. */
export function defaultEnv(defaults: EnvDefaults): {
  readonly text: string;
  readonly values: ReadonlyMap<string, string>;
} {
  const groups: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    ['The name of the stack, as docker compose shows it.', [['SKILLDECK_PROJECT', defaults.project]]],
    ['Tag of the images that are built here.', [['SKILLDECK_VERSION', defaults.version]]],
    [
      'Ports on this computer. They are open to this computer only.',
      [
        ['GATEWAY_PORT', '8080'],
        ['FILE_MANAGER_PORT', '8081'],
        ['HTTPS_PORT', '8443'],
      ],
    ],
    [
      'Secrets, made at random for this workspace. Clients send the first one as "Authorization: Bearer …".',
      [
        ['GATEWAY_API_KEY', defaults.apiKey],
        ['ADMIN_API_KEY', defaults.adminKey],
        ['FILE_MANAGER_PASSWORD', defaults.password],
      ],
    ],
    [
      'Skills, models and configuration, and who owns them; the services run as this user.',
      [
        ['SKILLDECK_DATA', defaults.dataDirectory],
        ['SKILLDECK_UID', String(defaults.uid)],
        ['SKILLDECK_GID', String(defaults.gid)],
      ],
    ],
    ['Network of the stack. Change it when it collides with yours.', [['SKILLDECK_SUBNET', '172.20.0.0/16']]],
  ];
  const body = groups.map(
    ([comment, settings]) =>
      `# ${comment}\n${settings.map(([name, value]) => `${name}=${quoteEnvValue(value)}\n`).join('')}`,
  );
  const text = `# Settings of this Skilldeck workspace. Yours to edit; the app only changes single values.\n\n${body.join('\n')}`;
  return { text, values: new Map(groups.flatMap(([, settings]) => settings)) };
}
