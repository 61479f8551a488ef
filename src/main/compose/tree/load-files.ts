import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { Variables } from '../interpolate.ts';
import { interpolateTree } from '../interpolate-tree.ts';
import { invalid, type LocatedMap, type Place, WHOLE_FILE } from '../located.ts';
import { parseDocuments, type SourceFile, type YamlDocument } from '../parse-yaml.ts';
import type { Warning } from '../project.ts';
import { applyExtends } from './apply-extends.ts';
import { applyInclude } from './apply-include.ts';
import { fillDefaults } from './fill-defaults.ts';
import { findObsolete } from './find-obsolete.ts';
import { toLongForm } from './long-form.ts';
import { mergeTrees } from './merge-trees.ts';
import { withoutPaths } from './nodes.ts';
import type { PortBudget } from './parse-ports.ts';
import { resolvePaths } from './resolve-paths.ts';
import { resolveUnset } from './resolve-unset.ts';
import { keepLastOfEach } from './unique-items.ts';

/** What one loading of a project shares, included files and extended ones too. */
export interface LoadSession {
  readonly readText: ((path: string) => Promise<string | undefined>) | undefined;
  readonly warn: (warning: Warning) => void;
  readonly ports: PortBudget;
  /** How many more files may be read. */
  readonly files: { left: number };
  /** What has been parsed: one file may be extended by many services. */
  readonly parsed: Map<string, readonly YamlDocument[]>;
}

/** Files that make one model: those named together, or those of one entry of `include`. */
export interface FileGroup {
  readonly files: readonly SourceFile[];
  readonly env: Variables;
  /** Absolute. */
  readonly workingDir: string;
  /** Main files that include this one, outermost first. */
  readonly within: readonly string[];
}

/** All documents of a group as one tree in its long form, with absolute paths; names are not filled in. */
export async function loadFiles(group: FileGroup, session: LoadSession): Promise<LocatedMap> {
  const { env, workingDir } = group;
  let tree: LocatedMap | undefined;
  for (const file of group.files)
    for (const { root, resets } of documentsOf(file, session)) {
      const unset = (at: Place, variable: string) => session.warn({ kind: 'unset_variable', at, variable });
      const filled = interpolateTree(root, env, unset);
      for (const warning of findObsolete(filled)) session.warn(warning);
      const extended = await applyExtends(filled, { ...group, file: file.path, resets }, session);
      const included = await applyInclude(extended, { ...group, file: file.path, resets }, session);
      const merged = tree === undefined ? included : mergeTrees(withoutPaths(tree, resets), included);
      tree = keepLastOfEach(toLongForm(keepLastOfEach(merged), session.ports));
    }
  const [first] = group.files;
  if (tree === undefined || tree.entries.size === 0)
    throw invalid(
      { file: first?.path ?? '', line: 1, column: 1, path: WHOLE_FILE },
      phrase('map_with_services'),
      phrase('empty_file'),
    );
  const base = { dir: workingDir, home: env.HOME ?? env.USERPROFILE };
  return resolveUnset(resolvePaths(fillDefaults(tree), base), env);
}

/** Parsed once, whoever asks. */
export function documentsOf(file: SourceFile, session: LoadSession): readonly YamlDocument[] {
  const known = session.parsed.get(file.path);
  if (known !== undefined) return known;
  const documents = parseDocuments(file);
  session.parsed.set(file.path, documents);
  return documents;
}

/** @throws AppError `compose.file_missing` that names who asks for it. */
export async function readReferenced(path: string, at: Place, session: LoadSession): Promise<string> {
  session.files.left -= 1;
  if (session.files.left < 0) throw invalid(at, phrase('no_more_files'), phrase('too_many'));
  const text = await session.readText?.(path);
  if (text !== undefined) return text;
  throw new AppError('compose.file_missing', `${at.file}:${at.line}: ${at.path}: ${path} is missing.`, {
    hint: 'Correct the path, or put the file there.',
    params: { file: at.file, line: at.line, column: at.column, key: at.path, path },
  });
}
