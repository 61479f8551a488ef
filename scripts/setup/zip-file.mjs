import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const SYMBOLIC_LINK = 0o120000;
const FILE_TYPE_MASK = 0o170000;

/** @typedef {{ name: string, mode: number, isDeflated: boolean, size: number, start: number }} ZipEntry */

/**
 * Lists a zip archive's entries. No ZIP64: what we unpack is smaller than 4 GB.
 *
 * @param {Buffer} zip
 * @returns {ZipEntry[]}
 */
export function listZip(zip) {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) throw new Error('Not a zip archive: no end of central directory.');
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw new Error('Damaged zip archive: bad directory entry.');
    const nameLength = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      mode: zip.readUInt32LE(at + 38) >>> 16,
      isDeflated: zip.readUInt16LE(at + 10) === 8,
      size: zip.readUInt32LE(at + 20),
      // The local header repeats the name, with an extra field of its own length.
      start: local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28),
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * Unpacks a zip archive with its file modes and symbolic links.
 *
 * @param {string} archive
 * @param {string} folder
 * @param {(name: string) => string | undefined} rename gives the path inside `folder`, or undefined to leave an entry out
 */
export function unzip(archive, folder, rename = (name) => name) {
  const zip = readFileSync(archive);
  const root = resolve(folder) + sep;
  for (const entry of listZip(zip)) {
    const name = rename(entry.name);
    if (name === undefined || entry.name.endsWith('/')) continue;
    const target = resolve(folder, name);
    if (!target.startsWith(root))
      throw new Error(`The archive names a path outside of its folder: ${entry.name}`);
    const packed = zip.subarray(entry.start, entry.start + entry.size);
    const content = entry.isDeflated ? inflateRawSync(packed) : packed;
    mkdirSync(dirname(target), { recursive: true });
    if ((entry.mode & FILE_TYPE_MASK) === SYMBOLIC_LINK) symlinkSync(content.toString(), target);
    else {
      writeFileSync(target, content);
      if (entry.mode & 0o777) chmodSync(target, entry.mode & 0o777);
    }
  }
}
