import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import type { Variables } from '../interpolate.ts';
import { interpolateTree } from '../interpolate-tree.ts';
import { describeFound, invalid, type Located, type LocatedMap } from '../located.ts';
import { documentsOf, type LoadSession, readReferenced } from './load-files.ts';
import { toLongForm } from './long-form.ts';
import { mergeServices, mergeTrees } from './merge-trees.ts';
import { child, isText, mapOr, textOr, withEntries, withoutPaths } from './nodes.ts';
import { resolveFrom, resolvePaths } from './resolve-paths.ts';

interface ExtendsContext {
  readonly file: string;
  readonly env: Variables;
  readonly workingDir: string;
  readonly resets: readonly (readonly string[])[];
}

/** Services with `extends` merged onto what they extend. Source: `loader/extends.go` of compose-go 2.9. */
export async function applyExtends(
  root: LocatedMap,
  context: ExtendsContext,
  session: LoadSession,
): Promise<LocatedMap> {
  const services = child(root, 'services');
  if (services?.kind !== 'map') return root;
  const extender = new Extender(services, context, session);
  for (const [name, service] of services.entries)
    if (child(service, 'extends') !== undefined) await extender.resolve(name, []);
  return withEntries(root, { services: { ...services, entries: extender.services } });
}

class Extender {
  readonly services: Map<string, Located>;
  readonly #context: ExtendsContext;
  readonly #session: LoadSession;

  constructor(services: LocatedMap, context: ExtendsContext, session: LoadSession) {
    this.services = new Map(services.entries);
    this.#context = context;
    this.#session = session;
  }

  /** @param chain `file service` of those that extend this one, outermost first. */
  async resolve(name: string, chain: readonly string[]): Promise<Located | undefined> {
    const service = this.services.get(name);
    const reference = child(service, 'extends');
    if (service?.kind !== 'map' || reference === undefined) return service;
    const here = `${name} in ${this.#context.file}`;
    if (chain.includes(here) || chain.length > 100) throw circle([...chain, here]);
    const [file, wanted] = parts(reference);
    const base = await this.#base(file, wanted, [...chain, here]);
    if (base?.kind !== 'map') throw invalid(wanted.at, phrase('service_of_file'), describeFound(wanted));
    const { resets } = this.#context;
    const own = resets.filter(([section, key]) => section === 'services' && key === name);
    const kept = withoutPaths(
      base,
      own.map((keys) => keys.slice(2)),
    );
    const merged = withEntries(mergeServices(kept, withEntries(service, { extends: undefined })), {
      extends: undefined,
    });
    this.services.set(name, merged);
    return merged;
  }

  async #base(
    file: Located | undefined,
    wanted: Located,
    chain: readonly string[],
  ): Promise<Located | undefined> {
    const name = textOr(wanted, phrase('service_name'));
    if (file === undefined) return this.resolve(name, chain);
    const { env, workingDir } = this.#context;
    const home = env.HOME ?? env.USERPROFILE;
    const path = resolveFrom({ dir: workingDir, home }, textOr(file, phrase('path')));
    const text = path === this.#context.file ? '' : await readReferenced(path, file.at, this.#session);
    let root: LocatedMap | undefined;
    for (const document of documentsOf({ path, text }, this.#session)) {
      const filled = interpolateTree(document.root, env, (at, variable) =>
        this.#session.warn({ kind: 'unset_variable', at, variable }),
      );
      root = root === undefined ? filled : mergeTrees(withoutPaths(root, document.resets), filled);
    }
    if (root === undefined) return undefined;
    const dir = path.replace(/[\\/][^\\/]*$/, '') || '/';
    const resolved = resolvePaths(toLongForm(root, this.#session.ports), { dir, home });
    const services = child(resolved, 'services');
    if (services?.kind !== 'map') return undefined;
    return new Extender(services, { file: path, env, workingDir: dir, resets: [] }, this.#session).resolve(
      name,
      chain,
    );
  }
}

function parts(reference: Located): readonly [Located | undefined, Located] {
  if (isText(reference)) return [undefined, reference];
  const map = mapOr(reference, phrase('service_or_map'));
  const service = child(map, 'service');
  if (service === undefined)
    throw invalid(map.at, phrase('key', { key: '"service"' }), phrase('no_such_key'));
  for (const [key, value] of map.entries)
    if (key !== 'service' && key !== 'file')
      throw invalid(value.at, phrase('one_and_other', { one: 'service', other: 'file' }), verbatim(key));
  return [child(map, 'file'), service];
}

function circle(names: readonly string[]): AppError {
  const cycle = names.join(' → ');
  return new AppError('compose.dependency_cycle', phrase('cycle_extends', { cycle }), {
    hint: 'Remove one of these extends.',
    params: { cycle },
  });
}
