/** Content hash by path, relative to the bundle, with forward slashes. */
export type FileHashes = Readonly<Record<string, string>>;

export type BundleAction =
  | { readonly kind: 'copy'; readonly path: string }
  /** Edited by a person and changed by the new version of the app: kept under another name, then replaced. */
  | { readonly kind: 'save-aside-and-copy'; readonly path: string }
  | { readonly kind: 'remove'; readonly path: string };

/**
 * What brings the workspace's copy of the bundle up to date.
 *
 * @param manifest what the app itself last wrote there. An edit stays until the app has a newer file of its own.
 */
export function planBundleSync(
  bundle: FileHashes,
  present: FileHashes,
  manifest: FileHashes,
): readonly BundleAction[] {
  const actions = Object.keys(bundle)
    .sort()
    .flatMap((path): BundleAction[] => {
      const here = present[path];
      if (here === undefined) return [{ kind: 'copy', path }];
      if (here === bundle[path]) return [];
      if (here === manifest[path]) return [{ kind: 'copy', path }];
      return manifest[path] === bundle[path] ? [] : [{ kind: 'save-aside-and-copy', path }];
    });
  const dropped = Object.keys(manifest)
    .sort()
    .filter((path) => bundle[path] === undefined && present[path] === manifest[path])
    .map((path): BundleAction => ({ kind: 'remove', path }));
  return [...actions, ...dropped];
}

/** `compose.yaml` → `compose.yaml.edited-20261123T204602` */
export function asideName(path: string, now: Date): string {
  return `${path}.edited-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`;
}
