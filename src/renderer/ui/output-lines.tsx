import classes from './output-lines.module.css';

/** The last lines of a build, a probe or a container, as they were printed. */
export function OutputLines({ lines, label }: { lines: readonly string[]; label: string }) {
  if (lines.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className={classes.output} aria-label={label} tabIndex={0} lang="en">
      <pre>{lines.join('\n')}</pre>
    </section>
  );
}
