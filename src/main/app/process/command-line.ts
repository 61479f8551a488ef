import path from 'node:path';

export interface CommandLine {
  /** Absolute. */
  readonly workspace?: string;
  readonly engine?: 'auto' | 'docker' | 'sandbox';
  /** A sentence for the person who typed it. */
  readonly problem?: string;
}

const ENGINES = ['auto', 'docker', 'sandbox'] as const;

/**
 * Reads `--workspace DIR` and `--engine NAME` (also with `=`); what Chromium and Electron put on the line is ignored.
 *
 * @param cwd what a relative DIR is relative to
 */
export function parseCommandLine(argv: readonly string[], cwd: string): CommandLine {
  const value = (name: string): string | undefined => {
    const at = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
    if (at === -1) return undefined;
    const word = argv[at] ?? '';
    return word === name ? (argv[at + 1] ?? '') : word.slice(name.length + 1);
  };
  const workspace = value('--workspace');
  const engine = value('--engine');
  if (workspace === '' || workspace?.startsWith('--'))
    return { problem: '--workspace needs a folder, for example: --workspace ~/skilldeck' };
  const known = ENGINES.find((name) => name === engine);
  if (engine !== undefined && known === undefined)
    return { problem: `--engine is one of ${ENGINES.join(', ')}; "${engine}" is none of them` };
  return {
    ...(workspace === undefined ? {} : { workspace: path.resolve(cwd, workspace) }),
    ...(known === undefined ? {} : { engine: known }),
  };
}

/** The words of a command line without the workspace that it named. */
export function withoutWorkspace(args: readonly string[]): string[] {
  return args.filter((word, at) => {
    if (word === '--workspace' || word.startsWith('--workspace=')) return false;
    return args[at - 1] !== '--workspace' || word.startsWith('--');
  });
}
