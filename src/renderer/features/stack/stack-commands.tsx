/** The stack's commands, on every page. */
export function StackCommands() {
  return null;
}
