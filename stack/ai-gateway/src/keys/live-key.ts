import type { KeyView } from '@skilldeck/agent-skills';
import type { StoredKey } from './key-file.ts';
import { KeyMeter } from './key-meter.ts';
import type { Principal } from './principal.ts';

/** A key in use: what the file says of it, and what this gateway counts. */
export class LiveKey {
  readonly meter: KeyMeter;
  #settings: Omit<StoredKey, 'usage'>;
  #principal: Principal;

  constructor({ usage, ...settings }: StoredKey, now: () => number) {
    this.meter = new KeyMeter(settings.limits, usage, now);
    this.#settings = settings;
    this.#principal = toPrincipal(settings);
  }

  get settings(): Omit<StoredKey, 'usage'> {
    return this.#settings;
  }

  /** Another one whenever the settings are others: what was decided for the one before is not its own. */
  get principal(): Principal {
    return this.#principal;
  }

  get view(): KeyView {
    const { hash: _hash, ...settings } = this.#settings;
    const { day: _day, month: _month, ...usage } = this.meter.usage;
    return { ...settings, usage };
  }

  /** Takes over what the file says now. Requests that are under way stay counted. */
  adopt({ usage, ...settings }: StoredKey): void {
    this.meter.adopt(usage);
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.meter.setLimits(settings.limits);
    this.#settings = settings;
    this.#principal = toPrincipal(settings);
  }
}

function toPrincipal({
  id,
  models,
  name,
  priority,
  scopes,
  skills,
  weight,
}: Omit<StoredKey, 'usage'>): Principal {
  return { id, name, scopes: new Set(scopes), weight, priority, skills, models };
}
