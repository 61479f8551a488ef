import type { KeyView } from '@skilldeck/agent-skills';

/** Keys by their ids. Empty: nobody but the owner asks, and there is nothing to tell apart. */
export type CallerNames = ReadonlyMap<string, string>;

export function callerNames(keys: readonly KeyView[] = []): CallerNames {
  return new Map(keys.map(({ id, name }) => [id, name]));
}

/** Id of whoever has the gateway's one key, and of everybody while no key is asked for. */
const OWNER_ID = 'owner';

/** Whose request it is; of a key that is gone the id is all that is known. */
export function callerOf(names: CallerNames, principal: string | undefined, owner: string): string {
  if (principal === undefined) return '–';
  return principal === OWNER_ID ? owner : (names.get(principal) ?? principal);
}
