import classes from './kbd.module.css';

const isMac = /mac/i.test(navigator.platform);

/** A shortcut as the person's keyboard calls it: `mod+K` is ⌘K or Ctrl K. */
export function Kbd({ keys }: { keys: string }) {
  return <kbd className={classes.kbd}>{formatKeys(keys, isMac)}</kbd>;
}

export function formatKeys(keys: string, mac: boolean): string {
  const parts = keys.split('+').map((part) => (part === 'mod' ? (mac ? '⌘' : 'Ctrl') : part));
  return mac ? parts.join('') : parts.join(' ');
}
