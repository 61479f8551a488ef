export interface ElectronRuntime {
  readonly executable: string;
  readonly version: string;
  /** false: the fallback, for development and tests only. */
  readonly isOfficial: boolean;
  /** What every start needs in front of the app's path. */
  readonly args: string[];
}

/** The Electron that start, tests, benchmarks and packaging use on this machine. */
export function findElectron(): ElectronRuntime;
export function electronMajor(runtime: ElectronRuntime): number;
