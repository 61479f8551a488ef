import type { Settings, SettingsSnapshot } from '../../shared/settings/settings-contract.ts';
import type { Logger } from '../lifetime/logger.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import { readSettings, type StoredSettings, writeSettings } from './settings-file.ts';

export interface SettingsServiceDeps {
  readonly file: string;
  readonly workspace: string;
  readonly systemLanguage: 'en' | 'zh';
  readonly keychainAvailable: () => boolean;
  readonly logger: Logger;
  readonly now: () => number;
}

/** What the person chose, kept in one JSON file of the profile. */
export class SettingsService {
  readonly #deps: SettingsServiceDeps;
  readonly #publisher: StatePublisher<SettingsSnapshot>;
  readonly #listeners = new Set<(settings: Settings) => void>();
  #stored: StoredSettings;
  #writing: Promise<void> = Promise.resolve();

  static async open(deps: SettingsServiceDeps): Promise<SettingsService> {
    const stored = await readSettings(deps.file, deps.now);
    if (stored.setAside !== undefined)
      deps.logger.warn({ file: stored.setAside }, 'the settings could not be read and were set aside');
    return new SettingsService(deps, stored);
  }

  private constructor(deps: SettingsServiceDeps, stored: StoredSettings) {
    this.#deps = deps;
    this.#stored = stored;
    this.#publisher = new StatePublisher(this.#snapshot(), 0);
  }

  get settings(): Settings {
    return this.#stored.settings;
  }

  get language(): 'en' | 'zh' {
    const { language } = this.settings;
    return language === 'system' ? this.#deps.systemLanguage : language;
  }

  subscribe(signal?: AbortSignal): AsyncGenerator<SettingsSnapshot, void, void> {
    return this.#publisher.subscribe(signal);
  }

  onDidChange(listener: (settings: Settings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keys that are `undefined` stay as they are. Resolves when the file is written. */
  async update(patch: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Promise<Settings> {
    const changes = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    this.#stored = { ...this.#stored, settings: { ...this.#stored.settings, ...changes } };
    this.#publisher.publish(this.#snapshot());
    for (const listener of this.#listeners) listener(this.settings);
    const stored = this.#stored;
    this.#writing = this.#writing.catch(() => {}).then(() => writeSettings(this.#deps.file, stored));
    await this.#writing;
    return this.settings;
  }

  #snapshot(): SettingsSnapshot {
    return {
      settings: this.#stored.settings,
      systemLanguage: this.#deps.systemLanguage,
      workspace: this.#deps.workspace,
      keychain: this.#deps.keychainAvailable(),
    };
  }
}
