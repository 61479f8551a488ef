export const terminal = {
  title: 'Terminal',
  tabs: 'Open shells',
  open: 'New shell',
  openIn: 'Open a shell in {{service}}',
  close: 'Close the shell {{title}}',
  exited: 'The shell has ended (exit code {{code}}).',
  ended: 'The shell has ended.',
  reopen: 'Open again',
  runInit: 'Run init.sh',
  runInitHint: 'Types {{command}} and presses Enter',
  empty: {
    title: 'No shell open',
    text: 'Open a shell in a running service. It stays open while you look at other pages.',
  },
  notRunning: {
    title: 'No service is running',
    text: 'Start the stack, then open a shell in one of its services.',
    start: 'Open Stack',
  },
  keys: 'Ctrl Shift C copies · Ctrl Shift V pastes',
};
