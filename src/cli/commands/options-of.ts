import type { CommandInput } from '../cli-context.ts';

/** The parser made them by the options that the command declares in `program.ts`; there the types are written down once more. */
export function optionsOf<T extends object>(input: CommandInput): T {
  return input.options as T;
}
