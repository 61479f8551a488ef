import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @param {readonly (string | Buffer)[]} parts */
export function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/** @param {string} file */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // No stamp yet: the step has never ended well.
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {string} value
 */
export function writeStamp(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}

/**
 * Lists all files below some paths, sorted, without the folders that builds write into.
 *
 * @param {readonly string[]} paths files or folders; what does not exist counts as empty
 * @param {(name: string) => boolean} [isIgnored]
 * @returns {string[]}
 */
export function filesBelow(paths, isIgnored = (name) => name === 'node_modules' || name === 'dist') {
  /** @type {string[]} */
  const files = [];
  /** @param {string} path */
  const visit = (path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return;
    if (!stats.isDirectory()) {
      files.push(path);
      return;
    }
    for (const name of readdirSync(path).sort()) if (!isIgnored(name)) visit(join(path, name));
  };
  paths.forEach(visit);
  return files;
}

/**
 * A fingerprint of files by content.
 *
 * Content and not modification times: a checkout gives every file a new time.
 *
 * @param {readonly string[]} paths
 */
export function fingerprint(paths) {
  return hashOf(filesBelow(paths).flatMap((file) => [file, readFileSync(file)]));
}
