import type { ProfileChoice } from './project-source.ts';

/** The profiles that are on: those that were on anyway and those turned on, without those turned off. */
export function applyProfileChoice(before: readonly string[], choice: ProfileChoice): readonly string[] {
  const on = Object.keys(choice).filter((name) => choice[name] === true);
  return [...new Set([...before, ...on])].filter((name) => choice[name] !== false);
}

/** `COMPOSE_PROFILES`: comma-separated. */
export function environmentProfiles(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return (env.COMPOSE_PROFILES ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
}
