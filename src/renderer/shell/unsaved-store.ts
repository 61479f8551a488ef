import { createStore } from 'zustand/vanilla';

/** Who holds unsaved text, by a key of the holder's choosing (e.g. `skill:release-notes`). */
export const unsavedStore = createStore<{ readonly keys: ReadonlySet<string> }>(() => ({ keys: new Set() }));

/** The shell tells main, so that quitting asks first. */
export function setUnsaved(key: string, unsaved: boolean): void {
  unsavedStore.setState((state) => {
    if (state.keys.has(key) === unsaved) return state;
    const keys = new Set(state.keys);
    if (unsaved) keys.add(key);
    else keys.delete(key);
    return { keys };
  });
}
