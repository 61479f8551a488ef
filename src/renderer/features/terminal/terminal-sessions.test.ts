import { describe, expect, it, vi } from 'vitest';
import type { RpcClient } from '../../rpc/client.ts';
import type { TerminalScreen } from '../../xterm/terminal-screen.ts';
import { TerminalSessions } from './terminal-sessions.ts';

interface Output {
  readonly data: string;
  readonly exit?: { readonly code: number | null };
}

function createSessions() {
  const written: string[] = [];
  let type: (data: string) => void = () => undefined;
  const screen = {
    terminal: {
      cols: 80,
      rows: 24,
      onData: (listener: (data: string) => void) => {
        type = listener;
      },
      onResize: () => undefined,
      reset: vi.fn(),
    },
    write: async (data: string) => void written.push(data),
    dispose: vi.fn(),
  };
  let answer: (output: Output) => void = () => undefined;
  const terminal = {
    open: vi.fn(async () => ({ terminalId: 't1', shell: 'sh' })),
    read: vi.fn(
      () =>
        new Promise<Output>((resolve) => {
          answer = resolve;
        }),
    ),
    write: vi.fn(async () => ({})),
    resize: vi.fn(async () => ({})),
    close: vi.fn(async () => ({})),
  };
  // Both fakes have what a session uses of the real ones.
  const sessions = new TerminalSessions(
    { terminal } as unknown as RpcClient,
    () => screen as unknown as TerminalScreen,
  );
  const state = () => sessions.store.getState().sessions[0]?.state.kind;
  return {
    sessions,
    terminal,
    screen,
    written,
    state,
    answer: (output: Output) => answer(output),
    type: (data: string) => type(data),
  };
}

describe('TerminalSessions', () => {
  it('opens with the size of the screen, writes what is typed and shows what comes', async () => {
    const { sessions, terminal, written, state, answer, type } = createSessions();
    sessions.open({ projectId: 'workspace', service: 'gateway' });
    await vi.waitFor(() => expect(terminal.read).toHaveBeenCalledTimes(1));
    expect(terminal.open).toHaveBeenCalledWith({
      projectId: 'workspace',
      service: 'gateway',
      columns: 80,
      rows: 24,
    });
    expect(state()).toBe('open');
    type('ls\r');
    expect(terminal.write).toHaveBeenCalledWith({ terminalId: 't1', data: 'ls\r' });
    answer({ data: 'init.sh' });
    await vi.waitFor(() => expect(terminal.read).toHaveBeenCalledTimes(2));
    expect(written).toEqual(['init.sh']);
  });

  it('shows the end of a shell and opens a new one in its place', async () => {
    const { sessions, terminal, state, answer } = createSessions();
    sessions.open({ projectId: 'workspace', service: 'gateway' });
    await vi.waitFor(() => expect(terminal.read).toHaveBeenCalledTimes(1));
    answer({ data: 'bye', exit: { code: 0 } });
    await vi.waitFor(() => expect(state()).toBe('exited'));
    sessions.reopen(1);
    await vi.waitFor(() => expect(state()).toBe('open'));
    expect(terminal.open).toHaveBeenCalledTimes(2);
  });

  it('ends the shell when its tab is closed', async () => {
    const { sessions, terminal, screen } = createSessions();
    sessions.open({ projectId: 'workspace', service: 'gateway' });
    await vi.waitFor(() => expect(terminal.read).toHaveBeenCalledTimes(1));
    sessions.close(1);
    expect(terminal.close).toHaveBeenCalledWith({ terminalId: 't1' });
    expect(screen.dispose).toHaveBeenCalled();
    expect(sessions.store.getState()).toEqual({ sessions: [], active: undefined });
  });
});
