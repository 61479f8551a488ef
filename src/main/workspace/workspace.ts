import { access, chmod, constants, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { parseEnvFile } from '../compose/env-file.ts';
import type { Variables } from '../compose/interpolate.ts';
import { diskFault } from './disk-fault.ts';
import { setEnvValue } from './env-text.ts';
import { readSettings, type WorkspaceSettings } from './workspace-settings.ts';

/** Fixed places of a workspace; all absolute. */
export interface WorkspacePaths {
  readonly directory: string;
  readonly composeFile: string;
  readonly overrideFile: string;
  readonly envFile: string;
  readonly data: string;
  readonly skills: string;
  readonly models: string;
  readonly configFile: string;
  readonly certs: string;
  readonly caCertificate: string;
  /** Of the local authority; no container sees it. */
  readonly caKey: string;
  readonly runs: string;
  readonly chats: string;
  readonly sandbox: string;
  readonly trash: string;
}

export function workspacePaths(directory: string): WorkspacePaths {
  const data = join(directory, 'data');
  const own = join(directory, '.skilldeck');
  return {
    directory,
    composeFile: join(directory, 'compose.yaml'),
    overrideFile: join(directory, 'compose.override.yaml'),
    envFile: join(directory, '.env'),
    data,
    skills: join(data, 'skills'),
    models: join(data, 'models'),
    configFile: join(data, 'config', 'config.json'),
    certs: join(directory, 'certs'),
    caCertificate: join(directory, 'certs', 'ca.crt'),
    caKey: join(own, 'ca.key'),
    runs: join(own, 'runs'),
    chats: join(own, 'chats'),
    sandbox: join(own, 'sandbox'),
    trash: join(own, 'trash'),
  };
}

/** Of the process's own environment only these reach the stack: what a desktop session sets by chance must not. */
const PASSED_ON = [
  'HOME',
  'USERPROFILE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NPM_CONFIG_REGISTRY',
  'NODE_IMAGE',
  'NGINX_IMAGE',
] as const;

/** An opened workspace: its places, and its `.env` as read and changed by the panel. */
export class Workspace {
  readonly paths: WorkspacePaths;
  /** Bundle files that a person had edited and an upgrade has replaced: where the edited text is. */
  readonly savedAside: readonly string[];
  readonly #outer: Variables;
  #settings: WorkspaceSettings;
  #wasRead = false;

  constructor(directory: string, processEnv: Variables, savedAside: readonly string[] = []) {
    this.paths = workspacePaths(directory);
    this.savedAside = savedAside;
    this.#outer = Object.fromEntries(PASSED_ON.map((name) => [name, processEnv[name]]));
    this.#settings = readSettings({}, this.paths.data);
  }

  /** As last read; the defaults while `.env` cannot be read. */
  get settings(): WorkspaceSettings {
    return this.#settings;
  }

  /**
   * Reads `.env` from disk; what it says wins over the process's environment.
   *
   * @throws AppError `env.invalid` with the line; {@link settings} then stays as it was, or holds what the file's good
   * lines say when it was never read whole: a running stack is still found by its name and stopped.
   */
  async readEnv(): Promise<Variables> {
    const text = await this.#envText();
    try {
      const env = {
        ...this.#outer,
        ...parseEnvFile(text, this.paths.envFile, this.#outer, { fileWins: true }),
      };
      this.#settings = readSettings(env, this.paths.data);
      this.#wasRead = true;
      return env;
    } catch (error) {
      if (!this.#wasRead) this.#settings = readSettings(goodLines(text), this.paths.data);
      throw error;
    }
  }

  /** Changes one setting in `.env` and keeps the rest of the file as it is. */
  async setEnv(name: string, value: string): Promise<void> {
    try {
      await writeFileAtomic(this.paths.envFile, setEnvValue(await this.#envText(), name, value), {
        mode: 0o600,
      });
    } catch (error) {
      throw diskFault(error, this.paths.envFile);
    }
    await this.readEnv();
  }

  async #envText(): Promise<string> {
    try {
      return await readFile(this.paths.envFile, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw diskFault(error, this.paths.envFile);
    }
  }
}

/** The settings of a broken `.env` that stand on a good line of their own. */
function goodLines(text: string): Record<string, string> {
  return Object.assign(
    {},
    ...text.split(/\r?\n/).map((line) => {
      try {
        return parseEnvFile(line, '.env');
      } catch {
        // The broken one; the caller tells of it.
        return {};
      }
    }),
  );
}

/** Makes the folders and checks that they can be written. */
export async function makeFolders(paths: WorkspacePaths): Promise<void> {
  const folders = [paths.skills, paths.models, join(paths.data, 'config'), paths.certs];
  const own = [paths.runs, paths.chats, paths.sandbox];
  for (const folder of [paths.directory, ...folders, ...own]) {
    try {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      throw diskFault(error, folder);
    }
  }
  // Chats and run records are nobody else's business.
  await chmod(join(paths.directory, '.skilldeck'), 0o700).catch((error: unknown) => {
    throw diskFault(error, paths.directory);
  });
}
