import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { isAbsolutePath, resolveHostPath } from '../host-path.ts';
import { describeFound, invalid, type Located, type LocatedMap } from '../located.ts';
import { child, isText, textAt, textOr, withEntries } from './nodes.ts';
import { pathRules, type Rewrite, rewriteTree } from './path-rules.ts';

/** Where relative paths start from. */
export interface PathBase {
  /** Absolute. */
  readonly dir: string;
  readonly home: string | undefined;
}

const REMOTE = /^(https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@)/;

/**
 * Every path of the host made absolute; the tree is in its long form. Absolute ones stay as written.
 * Source: `paths/resolve.go` of compose-go 2.9.
 */
export function resolvePaths(root: LocatedMap, base: PathBase): LocatedMap {
  const path: Rewrite = (node) => (isText(node) ? textAt(node.at, resolveFrom(base, node.value)) : node);
  const context: Rewrite = (node) =>
    isText(node) &&
    (node.value.includes('://') || node.value.startsWith('service:') || REMOTE.test(node.value))
      ? node
      : path(node);
  return rewriteTree(
    root,
    pathRules<Rewrite>({
      'services.*.build.context': context,
      'services.*.build.additional_contexts.*': context,
      'services.*.build.ssh.*': path,
      'services.*.env_file.*.path': path,
      'services.*.label_file.*': path,
      'services.*.extends.file': path,
      'services.*.develop.watch.*.path': path,
      'services.*.volumes.*': (node) => mount(node, path),
      'configs.*.file': path,
      'secrets.*.file': path,
      'volumes.*': (node) => volume(node, path),
    }),
  );
}

/** An empty path stays empty, an absolute one stays as it is. */
export function resolveFrom(base: PathBase, path: string): string {
  if (path === '' || isAbsolutePath(path)) return path;
  return resolveHostPath(base.dir, path.startsWith('~') ? fromHome(path, base.home) : path);
}

/** `~foo` is a folder below home, too: Compose knows no other users. */
function fromHome(path: string, home: string | undefined): string {
  return home === undefined ? path : `${home}/${path.slice(1)}`;
}

function mount(node: Located, path: Rewrite): Located {
  const type = child(node, 'type');
  if (node.kind !== 'map' || !isText(type) || type.value !== 'bind') return node;
  const source = child(node, 'source');
  if (source === undefined) throw invalid(node.at, phrase('bind_with_source'), phrase('no_source'));
  textOr(source, phrase('path'));
  return withEntries(node, { source: path(source) });
}

/** A local volume that binds a folder. */
function volume(node: Located, path: Rewrite): Located {
  const [driver, options] = [child(node, 'driver'), child(node, 'driver_opts')];
  if (node.kind !== 'map' || !isText(driver) || driver.value !== 'local' || options?.kind !== 'map')
    return node;
  const [device, o] = [child(options, 'device'), child(options, 'o')];
  if (device === undefined || !isText(o) || o.value !== 'bind') return node;
  if (device.kind !== 'scalar') throw invalid(device.at, phrase('path'), describeFound(device));
  return withEntries(node, { driver_opts: withEntries(options, { device: path(device) }) });
}
