import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import { hostBaseName } from '../host-path.ts';
import { interpolateTree } from '../interpolate-tree.ts';
import type { LoadInput } from '../load-tree.ts';
import { invalid, type Place } from '../located.ts';
import type { YamlDocument } from '../parse-yaml.ts';
import { child, isText, mapAt } from './nodes.ts';

const VALID = /^[a-z0-9][a-z0-9_-]*$/;

/** The name given, or that of the last file that has one, or that of the folder, as Compose finds it. */
export function projectName(input: LoadInput, documents: readonly YamlDocument[]): string {
  const start: Place = { file: input.files[0]?.path ?? '', line: 1, column: 1, path: 'name' };
  const given = input.projectName ?? input.env.COMPOSE_PROJECT_NAME;
  if (given) return checked(given, start);
  const names = documents.map(({ root }) => child(root, 'name')).filter(isText);
  const last = names.findLast(({ value }) => value !== '');
  if (last !== undefined) {
    const name = child(interpolateTree(mapAt(last.at, { name: last }), input.env), 'name');
    if (isText(name) && name.value !== '') return checked(name.value, last.at);
  }
  const folder = hostBaseName(input.workingDir).toLowerCase();
  const name = folder.replace(/[^a-z0-9_-]/g, '').replace(/^[_-]+/, '');
  return name === '' ? 'project' : name;
}

function checked(name: string, at: Place): string {
  if (!VALID.test(name) || name.length > 128)
    throw invalid(at, phrase('project_name'), verbatim(JSON.stringify(name)));
  return name;
}
