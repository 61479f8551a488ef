import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Against links that lead in circles and patterns that match half a disk. */
const MAX_STEPS = 20_000;

/** Which entries of a folder belong to the paths that a builder follows: they, what is in them, what they are in. */
export interface FollowedPaths {
  readonly includes: (path: string) => boolean;
}

/**
 * Resolves the paths that a Dockerfile copies: wildcards, and links to what they mean inside the folder.
 * Undefined when all is wanted.
 */
export async function resolveFollowPaths(
  root: string,
  patterns: readonly string[],
): Promise<FollowedPaths | undefined> {
  const found = new Set<string>();
  let steps = 0;
  const follow = async (done: readonly string[], rest: readonly string[]): Promise<void> => {
    steps += 1;
    const [segment, ...tail] = rest;
    if (segment === undefined || segment === '**' || steps > MAX_STEPS) {
      found.add(done.join('/'));
      return;
    }
    for (const name of await matches(root, done, segment)) {
      const path = [...done, name];
      const link = await readlink(join(root, ...path)).catch(() => undefined);
      if (link === undefined) await follow(path, tail);
      else {
        found.add(path.join('/'));
        if (steps <= MAX_STEPS)
          await follow([], normalise([...(isAbsolute(link) ? [] : done), ...split(link), ...tail]));
      }
    }
  };
  for (const pattern of patterns) await follow([], normalise(split(pattern)));
  if (patterns.length === 0 || found.has('')) return undefined;
  const parents = new Set([...found].flatMap((path) => prefixes(path)));
  return {
    includes: (path) => parents.has(path) || found.has(path) || prefixes(path).some((p) => found.has(p)),
  };
}

async function matches(root: string, folder: readonly string[], segment: string): Promise<readonly string[]> {
  const pattern = toPattern(segment);
  if (pattern === undefined) return [segment];
  const names = await readdir(join(root, ...folder)).catch(() => []);
  return names.filter((name) => pattern.test(name));
}

/** Undefined for a plain name. */
function toPattern(segment: string): RegExp | undefined {
  if (!/[*?[\\]/.test(segment)) return undefined;
  const source = segment.replace(/\\.|[*?.+^${}()|]|\[\^?/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.startsWith('[') || part.startsWith('\\') ? part : `\\${part}`;
  });
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    // A pattern that only Go understands: rather send too much than too little.
    return /^/;
  }
}

function split(path: string): readonly string[] {
  return path.replaceAll('\\\\', '/').split('/');
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}

/** Without `.` and `..`; nothing leads out of the folder. */
function normalise(segments: readonly string[]): readonly string[] {
  const clean: string[] = [];
  for (const segment of segments) {
    if (segment === '..') clean.pop();
    else if (segment !== '' && segment !== '.') clean.push(segment);
  }
  return clean;
}

function prefixes(path: string): readonly string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
