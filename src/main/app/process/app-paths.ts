import path from 'node:path';

export interface AppPaths {
  /** The app's own copy of the stack: compose file, services, samples, demo model. */
  readonly bundle: string;
  readonly assets: string;
  readonly page: string;
  readonly preload: string;
  readonly settings: string;
  readonly keychain: string;
  readonly windowState: string;
  readonly lastWorkspace: string;
  /** Compose folders that the person opened. */
  readonly projects: string;
  readonly logs: string;
}

/**
 * Where things are: in a package below its resources, in a checkout below the repository.
 *
 * @param mainDir folder of the built main file, `out/main`
 */
export function appPaths(options: {
  readonly mainDir: string;
  readonly resources: string;
  readonly packaged: boolean;
  readonly userData: string;
}): AppPaths {
  const { mainDir, resources, packaged, userData } = options;
  const out = path.dirname(mainDir);
  const root = path.dirname(out);
  return {
    bundle: packaged ? path.join(resources, 'stack') : path.join(root, 'stack'),
    assets: packaged ? path.join(resources, 'assets') : path.join(root, 'assets'),
    page: path.join(out, 'renderer'),
    preload: path.join(out, 'preload', 'preload.cjs'),
    settings: path.join(userData, 'settings.json'),
    keychain: path.join(userData, 'secrets.json'),
    windowState: path.join(userData, 'window.json'),
    lastWorkspace: path.join(userData, 'workspace.json'),
    projects: path.join(userData, 'projects.json'),
    logs: path.join(userData, 'logs'),
  };
}
