import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProgram } from './program.ts';

const docs = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
const program = createProgram(async () => {});

/** The text from one heading to the next. */
function section(name: string): string {
  const start = docs.indexOf(`\n## ${name}\n`);
  return start === -1 ? '' : docs.slice(start, docs.indexOf('\n## ', start + 4) + 1 || undefined);
}

describe('docs/cli.md', () => {
  it.each(program.commands.map((command) => [command.name(), command] as const))(
    'has a section on %s that names its options',
    (name, command) => {
      const text = section(name);
      expect(text).not.toBe('');
      const missing = command.options
        .flatMap(({ long, short }) => [long, short])
        .filter((flag) => flag !== undefined && flag !== null && flag !== '--json')
        .filter((flag) => !text.includes(`\`${flag}`));
      expect(missing).toEqual([]);
    },
  );

  it('names the global options, and no command that does not exist', () => {
    const flags = program.options.flatMap(({ long, short }) => [long, short]);
    expect(flags.filter((flag) => flag && !section('Which project').includes(`\`${flag}`))).toEqual([]);
    const headings = [...docs.matchAll(/^## ([a-z]+)$/gm)].map(([, name]) => name);
    expect(headings.toSorted()).toEqual(program.commands.map((command) => command.name()).toSorted());
  });

  it('has a help text for every command, option and argument', () => {
    for (const command of program.commands) {
      expect(command.description()).not.toBe('');
      for (const option of command.options) expect(option.description, option.flags).not.toBe('');
    }
  });
});
