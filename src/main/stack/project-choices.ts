import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { diskFault } from '../workspace/disk-fault.ts';
import type { ProfileChoice, ProjectSource } from './project-source.ts';

const schema = z.object({ profiles: z.record(z.string().max(128), z.boolean()).default({}) });
const MAX_PROFILES = 200;

/** What a person chose for one project beside its files, kept next to its run records. */
export class ProjectChoices {
  readonly #file: string;
  #profiles: ProfileChoice = {};
  #reading: Promise<void> | undefined;

  constructor(source: Pick<ProjectSource, 'runsDirectory'>) {
    this.#file = join(dirname(source.runsDirectory), 'choices.json');
  }

  /** Those of the disk, read once. */
  readProfiles(): Promise<ProfileChoice> {
    this.#reading ??= this.#read();
    return this.#reading.then(() => this.#profiles);
  }

  async setProfile(profile: string, active: boolean): Promise<void> {
    await this.readProfiles();
    const entries = [
      ...Object.entries(this.#profiles).filter(([name]) => name !== profile),
      [profile, active],
    ];
    this.#profiles = Object.fromEntries(entries.slice(-MAX_PROFILES));
    try {
      await mkdir(dirname(this.#file), { recursive: true });
      await writeFileAtomic(this.#file, JSON.stringify({ profiles: this.#profiles }), { mode: 0o600 });
    } catch (error) {
      throw diskFault(error, this.#file);
    }
  }

  /** A damaged file is as good as none. */
  async #read(): Promise<void> {
    try {
      this.#profiles = schema.parse(JSON.parse(await readFile(this.#file, 'utf8'))).profiles;
    } catch {
      this.#profiles = {};
    }
  }
}
