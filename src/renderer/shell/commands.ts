import type { TablerIcon } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export type CommandGroup = 'go' | 'stack' | 'skills' | 'chat' | 'view' | 'app';

/** Something the palette, the menu or the tray can do. */
export interface Command {
  /** `area.verb`; menu and tray name commands by it. */
  readonly id: string;
  readonly title: string;
  readonly group: CommandGroup;
  readonly icon?: TablerIcon;
  readonly description?: string;
  /** Shown beside the title, e.g. `mod+1`. The one who registers handles the keys, if they are not the shell's. */
  readonly shortcut?: string;
  /** More words that find it. */
  readonly keywords?: readonly string[];
  /** Known, but not possible now: left out of the palette. */
  readonly disabled?: boolean;
  readonly run: () => unknown;
}

const commandStore = createStore<{ readonly commands: ReadonlyMap<string, Command> }>(() => ({
  commands: new Map(),
}));

/** Adds commands until the returned function is called. The last one registered under an id wins. */
export function registerCommands(commands: readonly Command[]): () => void {
  commandStore.setState((state) => {
    const next = new Map(state.commands);
    for (const command of commands) next.set(command.id, command);
    return { commands: next };
  });
  return () =>
    commandStore.setState((state) => {
      const next = new Map(state.commands);
      // Only what is still ours: a page that came after may have taken over an id.
      for (const command of commands) if (next.get(command.id) === command) next.delete(command.id);
      return { commands: next };
    });
}

/** Runs a command by id; false when nobody offers it or it is disabled. */
export function runCommand(id: string): boolean {
  const command = commandStore.getState().commands.get(id);
  if (!command || command.disabled) return false;
  command.run();
  return true;
}

/** Offers commands while the component is mounted. Memoise the array: each new one registers anew. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => registerCommands(commands), [commands]);
}

export function useCommandList(): readonly Command[] {
  const commands = useStore(commandStore, (state) => state.commands);
  return [...commands.values()];
}
