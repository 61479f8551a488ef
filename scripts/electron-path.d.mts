export interface ElectronRuntime {
  readonly executable: string;
  readonly version: string;
  readonly isOfficial: boolean;
  readonly args: string[];
}
export declare function findElectron(): ElectronRuntime;
export declare function electronMajor(runtime: ElectronRuntime): number;
