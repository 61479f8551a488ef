import type { Cause, SettingChange } from '../../shared/stack/plan-view.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Service } from '../compose/project.ts';
import { type ConfigDigest, configDigest, parseConfigLabel } from './config-label.ts';
import { LABEL, type Labels } from './labels.ts';
import { isMasked } from './secret-values.ts';

const MAX_CHANGES_SHOWN = 6;
const MAX_CHANGES = 50;
/** Left off in words: `environment.PORT` is `PORT` to everybody. */
const QUIET_PREFIX = 'environment.';
const HIDDEN = '•••';

export function cause(kind: Cause['kind'], text: string, params: Record<string, string> = {}): Cause {
  return { kind, text, params };
}

/** "PORT changed 8080 → 8081" for a service whose configuration differs from what its container was made of. */
export function configChangedCause(service: Service, labels: Labels, engine: EngineKind): Cause {
  const before = parseConfigLabel(labels[LABEL.config]);
  const changes = before === undefined ? [] : settingChanges(before, configDigest(service, engine));
  if (changes.length === 0) return cause('config_changed', 'its configuration changed', { changes: '' });
  const shown = changes.slice(0, MAX_CHANGES_SHOWN);
  const more = changes.length - shown.length;
  const text = shown.map(inWords).join(', ') + (more > 0 ? `, and ${more} more` : '');
  const signs = shown.map(inSigns).join(', ') + (more > 0 ? `, +${more}` : '');
  return { ...cause('config_changed', text, { changes: signs }), changes: changes.slice(0, MAX_CHANGES) };
}

/** By path. */
export function settingChanges(before: ConfigDigest, after: ConfigDigest): readonly SettingChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((path) => {
    const [from, to] = [before[path], after[path]];
    if (from === to) return [];
    const secret = isMasked(from) || isMasked(to);
    return [
      {
        path,
        ...(from === undefined ? {} : { from: secret ? HIDDEN : from }),
        ...(to === undefined ? {} : { to: secret ? HIDDEN : to }),
        ...(secret ? { secret } : {}),
      },
    ];
  });
}

function inWords(change: SettingChange): string {
  const name = shortName(change);
  if (change.from === undefined) return `${name} added`;
  if (change.to === undefined) return `${name} removed`;
  return change.secret ? `${name} changed (value hidden)` : `${name} changed ${change.from} → ${change.to}`;
}

/** The same without words, for other languages. */
function inSigns(change: SettingChange): string {
  const name = shortName(change);
  if (change.from === undefined) return `${name} (+)`;
  return change.to === undefined ? `${name} (−)` : `${name} ${change.from} → ${change.to}`;
}

function shortName({ path }: SettingChange): string {
  return path.startsWith(QUIET_PREFIX) ? path.slice(QUIET_PREFIX.length) : path;
}
