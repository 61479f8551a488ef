import type { Variables } from '../compose/interpolate.ts';
import type { Project } from '../compose/project.ts';

/** Profiles that a person turned on or off, whatever the files and the environment say of them. */
export type ProfileChoice = Readonly<Record<string, boolean>>;

/** Where a project comes from: its files, its variables, and where its run records are kept. */
export interface ProjectSource {
  readonly id: string;
  /** The project's folder; absolute. */
  readonly directory: string;
  /** Finds its containers while the files are broken. */
  readonly fallbackName: string;
  /** Absolute; made when the first run is recorded. */
  readonly runsDirectory: string;
  /** The file that settings such as ports are written to. Absolute; need not exist. */
  readonly envFile?: string;
  /**
   * Reads the files as they are now.
   *
   * @param services somebody named them: their own profiles are on, too.
   * @throws AppError `compose.*`, `env.invalid` or `workspace.invalid`, naming the place.
   */
  load(profiles?: ProfileChoice, services?: readonly string[]): Promise<Project>;
  /** Tells when one of the files changed on disk, once things have settled. */
  watch(onChange: () => void): ProjectWatch;
  /** The variables that the files are filled in with. */
  readEnv(): Promise<Variables>;
  /** Where the form of a service is written: the file that the person owns. */
  formFile(project: Project | undefined, service: string): Promise<string>;
}

export interface ProjectWatch {
  close(): Promise<void>;
}
