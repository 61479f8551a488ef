/** What the panel needs to know of a workspace's `.env`. Holds secrets: never log it. */
export interface WorkspaceSettings {
  readonly project: string;
  readonly ports: { readonly gateway: number; readonly fileManager: number; readonly https: number };
  readonly apiKey: string;
  /** Of the gateway's admin interface; empty: the same one. */
  readonly adminKey: string;
  readonly fileManagerPassword: string;
  /** Absolute. */
  readonly dataDirectory: string;
}

/** Values that are absent or senseless fall back to the defaults of the compose file. */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  dataDirectory: string,
): WorkspaceSettings {
  return {
    project: filled(env.SKILLDECK_PROJECT) ?? 'skilldeck',
    ports: {
      gateway: port(env.GATEWAY_PORT, 8080),
      fileManager: port(env.FILE_MANAGER_PORT, 8081),
      https: port(env.HTTPS_PORT, 8443),
    },
    apiKey: env.GATEWAY_API_KEY ?? '',
    adminKey: env.ADMIN_API_KEY ?? '',
    fileManagerPassword: env.FILE_MANAGER_PASSWORD ?? '',
    dataDirectory: filled(env.SKILLDECK_DATA) ?? dataDirectory,
  };
}

function port(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return /^\d+$/.test(text ?? '') && value >= 1 && value <= 65535 ? value : fallback;
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
