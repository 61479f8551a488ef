import { type LoadInput, loadProject } from '../compose/load-project.ts';
import type { Project } from '../compose/project.ts';

type ReadText = NonNullable<LoadInput['readText']>;

interface Remembered {
  readonly key: string;
  /** What the files referred to, as it was read. */
  readonly reads: ReadonlyMap<string, string | undefined>;
  readonly project: Project;
}

/**
 * {@link loadProject} that gives the same project again while the same input, and all that it refers to, is the same.
 *
 * All files are read each time: only what was understood of them is kept. Equal by identity, so that what others have
 * computed of it (hashes, plans) holds, too.
 */
export function rememberLoad(load: (input: LoadInput) => Promise<Project> = loadProject) {
  let last: Remembered | undefined;
  return async (input: LoadInput): Promise<Project> => {
    const { readText, ...rest } = input;
    const key = JSON.stringify(rest);
    if (last?.key === key && (await readsTheSame(last.reads, readText))) return last.project;
    const reads = new Map<string, string | undefined>();
    const project = await load(
      readText === undefined ? rest : { ...rest, readText: noting(readText, reads) },
    );
    last = { key, reads, project };
    return project;
  };
}

function noting(readText: ReadText, reads: Map<string, string | undefined>): ReadText {
  return async (path) => {
    const text = await readText(path);
    reads.set(path, text);
    return text;
  };
}

async function readsTheSame(
  reads: ReadonlyMap<string, string | undefined>,
  readText: LoadInput['readText'],
): Promise<boolean> {
  const same = await Promise.all([...reads].map(async ([path, text]) => (await readText?.(path)) === text));
  return same.every(Boolean);
}
