import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigProblem, ConfigValue } from '@skilldeck/agent-skills';
import { type WatchFiles, watchHints } from '../watch-hints.ts';
import type { GatewayConfig } from './config-schema.ts';
import { formatConfigProblems } from './config-sentences.ts';
import { describeConfig } from './describe-config.ts';
import type { Environment } from './environment.ts';
import { markOfFiles } from './file-mark.ts';
import { type ConfigResult, resolveConfig } from './resolve-config.ts';

export interface ConfigServiceOptions {
  readonly path: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Someone has named this very file; falling back to another would hide a mistake. */
  readonly mustExist?: boolean;
  readonly watchFiles?: WatchFiles;
}

const RESTART_KEYS = ['bodyLimitBytes', 'configReloadSeconds', 'server'] as const;

/** What to run by until there is a file at CONFIG_PATH: the image's first version, or the one beside the program. */
const FALLBACK_FILES = ['config.default.json', 'config.json'];

/** Reads the configuration as it stands now. A file that cannot be read is an answer, not a fault. */
export async function loadConfig(options: ConfigServiceOptions): Promise<ConfigResult> {
  for (const file of filesOf(options)) {
    try {
      return resolveConfig({ ...options, text: await readFile(file, 'utf8') });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      if (code !== 'ENOENT' || options.mustExist) {
        return { kind: 'invalid', problems: [{ kind: 'unreadable', file, code }] };
      }
    }
  }
  return resolveConfig({ ...options, text: undefined });
}

/** The first one that exists is taken. */
function filesOf({ mustExist, path: file, workingDirectory }: ConfigServiceOptions): readonly string[] {
  return mustExist ? [file] : [file, ...FALLBACK_FILES.map((name) => path.resolve(workingDirectory, name))];
}

/** The configuration in use. A broken file leaves the last good one in place and says why. */
export class ConfigService {
  readonly environment: Environment;
  readonly #options: ConfigServiceOptions;
  readonly #started: GatewayConfig;
  #config: GatewayConfig;
  #file: unknown;
  #loadedAt = new Date();
  #version = 1;
  #problems: readonly ConfigProblem[] = [];
  /** Of the files as they were read last. */
  #mark: string | undefined;
  #watch: { close(): Promise<void> } | undefined;
  #onChange: (config: GatewayConfig) => void = () => undefined;

  constructor(options: ConfigServiceOptions, first: Extract<ConfigResult, { kind: 'ok' }>) {
    this.#options = options;
    this.#config = first.config;
    this.#started = first.config;
    this.#file = first.file;
    this.environment = first.environment;
  }

  get config(): GatewayConfig {
    return this.#config;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** Every value in use, and where it comes from. */
  get values(): readonly ConfigValue[] {
    return describeConfig(this.#config, this.#file, this.environment);
  }

  /** Why the file on disk is not the one in use. */
  get refusal(): { error?: string; problems?: ConfigProblem[] } {
    if (this.#problems.length === 0) return {};
    return { error: formatConfigProblems(this.#problems), problems: [...this.#problems] };
  }

  get status() {
    return {
      path: this.#options.path,
      loadedAt: this.#loadedAt.toISOString(),
      ...this.refusal,
      restartRequired: RESTART_KEYS.filter(
        (key) => JSON.stringify(this.#config[key]) !== JSON.stringify(this.#started[key]),
      ),
    };
  }

  watch(onChange: (config: GatewayConfig) => void, onProblem: (message: string) => void): void {
    this.#onChange = onChange;
    let looks = 0;
    // One after the other: what is read later must not be overtaken, and a problem is told once.
    const handleHint = async (): Promise<void> => {
      looks += 1;
      if (looks > 1) return;
      try {
        do {
          looks = 1;
          const before = this.refusal.error;
          await this.look();
          const { error } = this.refusal;
          if (error !== undefined && error !== before) onProblem(error);
        } while (looks > 1);
      } finally {
        looks = 0;
      }
    };
    this.#watch = watchHints({
      paths: [this.#options.path],
      depth: 0,
      pollMs: this.#config.configReloadSeconds * 1000,
      onHint: () => void handleHint().catch((error) => onProblem(String(error))),
      onError: (error) => onProblem(String(error)),
      watchFiles: this.#options.watchFiles,
    });
  }

  /** Takes over what the file says, if it was written since it was read. */
  async look(): Promise<'read' | 'same'> {
    const mark = await markOfFiles(filesOf(this.#options));
    if (mark !== undefined && mark === this.#mark) return 'same';
    await this.reload();
    return 'read';
  }

  /** Takes over what the file says now. `changed` is false when nothing differs or the file is broken. */
  async reload(): Promise<{ changed: boolean; error?: string; problems?: ConfigProblem[] }> {
    const mark = await markOfFiles(filesOf(this.#options));
    const result = await loadConfig(this.#options);
    this.#mark = mark;
    this.#problems = result.kind === 'invalid' ? result.problems : [];
    if (result.kind === 'invalid') return { changed: false, ...this.refusal };
    if (JSON.stringify(result.config) === JSON.stringify(this.#config)) return { changed: false };
    this.#config = result.config;
    this.#file = result.file;
    this.#version += 1;
    this.#loadedAt = new Date();
    this.#onChange(result.config);
    return { changed: true };
  }

  async dispose(): Promise<void> {
    await this.#watch?.close();
  }
}
