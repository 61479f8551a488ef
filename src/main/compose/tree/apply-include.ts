import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import { parseEnvFile } from '../env-file.ts';
import type { Variables } from '../interpolate.ts';
import { describeFound, invalid, type Located, type LocatedMap } from '../located.ts';
import { type FileGroup, type LoadSession, loadFiles, readReferenced } from './load-files.ts';
import { mergeResources } from './merge-trees.ts';
import { child, isNull, isText, mapAt, mapOr, textOr, withEntries, withoutPaths } from './nodes.ts';
import { resolveFrom } from './resolve-paths.ts';

interface IncludeContext extends FileGroup {
  readonly file: string;
  readonly resets: readonly (readonly string[])[];
}

const SECTIONS = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'];

/** The models of `include` put beneath the file that includes them. Source: `loader/include.go` of compose-go 2.9. */
export async function applyInclude(
  root: LocatedMap,
  context: IncludeContext,
  session: LoadSession,
): Promise<LocatedMap> {
  const include = child(root, 'include');
  if (include === undefined || isNull(include)) return withEntries(root, { include: undefined });
  if (include.kind !== 'list') throw invalid(include.at, phrase('list_of_files'), describeFound(include));
  let result = withEntries(root, { include: undefined });
  for (const item of include.items) result = importInto(result, await load(item, context, session), context);
  return result;
}

async function load(item: Located, context: IncludeContext, session: LoadSession): Promise<LocatedMap> {
  const entry = isText(item) ? mapAt(item.at, { path: item }) : mapOr(item, phrase('path_or_map'));
  for (const [key, value] of entry.entries)
    if (!['path', 'project_directory', 'env_file'].includes(key))
      throw invalid(
        value.at,
        phrase('one_and_other', { one: 'path, project_directory', other: 'env_file' }),
        verbatim(key),
      );
  const base = { dir: context.workingDir, home: context.env.HOME ?? context.env.USERPROFILE };
  const paths = textsOf(child(entry, 'path')).map((node) => ({
    node,
    path: resolveFrom(base, textOr(node)),
  }));
  const [main] = paths;
  if (main === undefined) throw invalid(entry.at, phrase('path'), phrase('none'));
  const within = [...context.within, context.file];
  if (within.includes(main.path)) throw circle([...within, main.path]);
  const directory = child(entry, 'project_directory');
  const workingDir =
    directory === undefined ? folderOf(main.path) : resolveFrom(base, textOr(directory, phrase('folder')));
  const files = [];
  for (const { node, path } of paths)
    files.push({ path, text: await readReferenced(path, node.at, session) });
  const env = await environmentOf(child(entry, 'env_file'), workingDir, context, session);
  return loadFiles({ files, env, workingDir, within }, session);
}

/** What the including project has set wins. */
async function environmentOf(
  node: Located | undefined,
  workingDir: string,
  { env, workingDir: dir }: IncludeContext,
  session: LoadSession,
): Promise<Variables> {
  const read: Record<string, string> = {};
  if (node === undefined) {
    const path = `${workingDir}/.env`;
    const text = await session.readText?.(path);
    if (text !== undefined) Object.assign(read, parseEnvFile(text, path, env));
  } else
    for (const file of textsOf(node)) {
      const path = resolveFrom({ dir, home: env.HOME ?? env.USERPROFILE }, textOr(file, phrase('path')));
      if (path === '/dev/null') continue;
      Object.assign(
        read,
        parseEnvFile(await readReferenced(path, file.at, session), path, env, { before: read }),
      );
    }
  return { ...read, ...env };
}

function importInto(root: LocatedMap, imported: LocatedMap, { resets }: IncludeContext): LocatedMap {
  const below = withoutPaths(imported, resets);
  const changes: Record<string, Located> = {};
  for (const section of SECTIONS) {
    const from = child(below, section);
    if (from?.kind !== 'map') continue;
    const to = child(root, section);
    const entries = new Map(to?.kind === 'map' ? to.entries : []);
    for (const [name, value] of from.entries) {
      const over = entries.get(name);
      entries.set(name, over === undefined ? value : mergeResources(section, value, over));
    }
    changes[section] = { kind: 'map', at: to?.at ?? from.at, entries };
  }
  return withEntries(root, changes);
}

function textsOf(node: Located | undefined): readonly Located[] {
  if (node === undefined) return [];
  return node.kind === 'list' ? node.items : [node];
}

function folderOf(path: string): string {
  return path.replace(/[\\/][^\\/]*$/, '') || '/';
}

function circle(files: readonly string[]): AppError {
  const cycle = files.join(' → ');
  return new AppError('compose.dependency_cycle', phrase('cycle_includes', { cycle }), {
    hint: 'Remove one of these includes.',
    params: { cycle },
  });
}
