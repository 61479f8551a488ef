export interface PullReference {
  readonly fromImage: string;
  /** A tag or a digest; the API takes both in the same place. */
  readonly tag: string;
}

/** Parts of an image reference as the pull call takes them; without a tag the engine would pull them all. */
export function parseImageReference(reference: string): PullReference {
  const at = reference.indexOf('@');
  if (at !== -1) {
    const name = reference.slice(0, at);
    return { fromImage: withoutTag(name), tag: reference.slice(at + 1) };
  }
  const name = withoutTag(reference);
  return { fromImage: name, tag: reference.slice(name.length + 1) || 'latest' };
}

/** A colon before the last slash is a registry's port. */
function withoutTag(name: string): string {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}
