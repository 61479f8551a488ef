import type { Cause } from '../../shared/stack/plan-view.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Service } from '../compose/project.ts';
import { type ConfigDigest, configDigest, parseConfigLabel } from './config-label.ts';
import { LABEL, type Labels } from './labels.ts';
import { isMasked } from './secret-values.ts';

const MAX_CHANGES_SHOWN = 6;
/** Left off in words: `environment.PORT` is `PORT` to everybody. */
const QUIET_PREFIX = 'environment.';

export function cause(kind: Cause['kind'], text: string, params: Record<string, string> = {}): Cause {
  return { kind, text, params };
}

/** "PORT changed 8080 → 8081" for a service whose configuration differs from what its container was made of. */
export function configChangedCause(service: Service, labels: Labels, engine: EngineKind): Cause {
  const before = parseConfigLabel(labels[LABEL.config]);
  if (before === undefined) return cause('config_changed', 'its configuration changed', { changes: '' });
  const changes = describeChanges(before, configDigest(service, engine));
  if (changes.length === 0 && labels[LABEL.mountsHash] !== service.labels[LABEL.mountsHash])
    return cause('mounts_changed', 'files it mounts have changed');
  if (changes.length === 0) return cause('config_changed', 'its configuration changed', { changes: '' });
  const shown = changes.slice(0, MAX_CHANGES_SHOWN);
  const more = changes.length - shown.length;
  const text = shown.map((change) => change.text).join(', ') + (more > 0 ? `, and ${more} more` : '');
  const params = { changes: shown.map((change) => change.sign).join(', ') + (more > 0 ? `, +${more}` : '') };
  return cause('config_changed', text, params);
}

interface Change {
  readonly text: string;
  /** The same without words, for other languages. */
  readonly sign: string;
}

export function describeChanges(before: ConfigDigest, after: ConfigDigest): readonly Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => {
    const from = before[key];
    const to = after[key];
    if (from === to) return [];
    const name = key.startsWith(QUIET_PREFIX) ? key.slice(QUIET_PREFIX.length) : key;
    if (from === undefined) return [{ text: `${name} added`, sign: `${name} (+)` }];
    if (to === undefined) return [{ text: `${name} removed`, sign: `${name} (−)` }];
    if (isMasked(from) || isMasked(to))
      return [{ text: `${name} changed (value hidden)`, sign: `${name} ••• → •••` }];
    return [{ text: `${name} changed ${from} → ${to}`, sign: `${name} ${from} → ${to}` }];
  });
}
