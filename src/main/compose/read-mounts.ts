import { resolveHostPath } from './host-path.ts';
import { describeFound, invalid, type Located } from './located.ts';
import type { Mount } from './project.ts';
import { asBytes, asFlag, asText, MapReader, oneOf } from './read-values.ts';

export interface PathContext {
  readonly workingDir: string;
  readonly home: string | undefined;
}

/** Short forms have up to three parts; a drive letter belongs to the source. */
const SHORT = /^(?:([A-Za-z]:[\\/][^:]*|[^:]+):)?([^:]+)(?::([a-z,]*))?$/i;
const ACCESS = new Set(['ro', 'rw', 'z', 'Z', 'cached', 'delegated', 'consistent', 'nocopy']);

export function readMounts(node: Located, paths: PathContext): readonly Mount[] {
  if (node.kind !== 'list') throw invalid(node.at, 'a list of volumes', describeFound(node));
  return node.items.map((item) => (item.kind === 'map' ? readLong(item, paths) : readShort(item, paths)));
}

function readShort(node: Located, paths: PathContext): Mount {
  const text = asText(node);
  const match = SHORT.exec(text);
  const [, source, target = '', options = ''] = match ?? [];
  const words = options.split(',').filter((word) => word !== '');
  if (match === null || !target.startsWith('/') || words.some((word) => !ACCESS.has(word)))
    throw invalid(node.at, 'source:/target or source:/target:ro', describeFound(node));
  const readOnly = words.includes('ro');
  if (source === undefined) return { kind: 'volume', target, readOnly };
  if (!isPath(source)) return { kind: 'volume', source, target, readOnly };
  return { kind: 'bind', source: resolveHostPath(paths.workingDir, source, paths.home), target, readOnly };
}

function readLong(node: Located, paths: PathContext): Mount {
  const map = new MapReader(node, ['type', 'source', 'target', 'read_only', 'tmpfs', 'bind', 'volume']);
  const type = map.required('type', 'bind, volume or tmpfs', (value) =>
    oneOf(value, ['bind', 'volume', 'tmpfs'] as const),
  );
  const target = map.required('target', 'a path in the container', asText);
  const readOnly = map.or('read_only', false, asFlag);
  // Both are what the engine does anyway; anything else in these maps is refused.
  map.optional('bind', 'bind', (value) => new MapReader(value, ['create_host_path']));
  map.optional('volume', 'volume', (value) => new MapReader(value, []));
  if (type === 'tmpfs') {
    const options = map.get('tmpfs');
    const size =
      options === undefined ? {} : new MapReader(options, ['size']).optional('sizeBytes', 'size', asBytes);
    return { kind: 'tmpfs', target, ...size };
  }
  if (type === 'volume')
    return { kind: 'volume', ...map.optional('source', 'source', asText), target, readOnly };
  const source = map.required('source', 'a path on this machine', asText);
  return { kind: 'bind', source: resolveHostPath(paths.workingDir, source, paths.home), target, readOnly };
}

/** As Compose tells them apart: a name has no slash and does not begin with a dot or a tilde. */
function isPath(source: string): boolean {
  return /^[.~]/.test(source) || /[\\/]/.test(source);
}
