import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Mirror, MirrorState } from './mirror-store.ts';

/** Follows a mirror while the component is mounted (and `active`). */
export function useMirror<T>(mirror: Mirror<T>, active = true): MirrorState<T> {
  useEffect(() => (active ? mirror.retain() : undefined), [mirror, active]);
  return useStore(mirror.store);
}

/** The newest value, or nothing before the first. */
export function useMirrorValue<T>(mirror: Mirror<T>, active = true): T | undefined {
  const state = useMirror(mirror, active);
  return state.kind === 'connecting' ? undefined : state.value;
}
