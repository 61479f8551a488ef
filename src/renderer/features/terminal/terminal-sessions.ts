import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppErrorData } from '../../../shared/errors/app-error.ts';
import type { RpcClient } from '../../rpc/client.ts';
import { readAppError } from '../../rpc/read-app-error.ts';
import type { TerminalScreen } from '../../xterm/terminal-screen.ts';

export type SessionState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly terminalId: string; readonly shell: string }
  | { readonly kind: 'exited'; readonly code: number | null }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** Where a shell runs. */
export interface ShellPlace {
  readonly projectId: string;
  readonly service: string;
  readonly instance?: { readonly id: string; readonly name: string };
}

export interface Session {
  readonly key: number;
  readonly place: ShellPlace;
  readonly screen: TerminalScreen;
  readonly state: SessionState;
}

export interface SessionsState {
  readonly sessions: readonly Session[];
  readonly active: number | undefined;
}

/** What xterm needs of a port: replaced in tests, where there is no screen. */
type CreateScreen = (service: string) => TerminalScreen;

const MAX_WRITE_CHARACTERS = 60_000;

/** The shells of this window. They run on while other pages are shown. */
export class TerminalSessions {
  readonly store: StoreApi<SessionsState> = createStore<SessionsState>(() => ({
    sessions: [],
    active: undefined,
  }));
  readonly #client: RpcClient;
  readonly #createScreen: CreateScreen;
  #nextKey = 1;

  constructor(client: RpcClient, createScreen: CreateScreen) {
    this.#client = client;
    this.#createScreen = createScreen;
  }

  open(place: ShellPlace): void {
    const key = this.#nextKey;
    this.#nextKey += 1;
    const screen = this.#createScreen(place.instance?.name ?? place.service);
    const session: Session = { key, place, screen, state: { kind: 'opening' } };
    this.store.setState(({ sessions }) => ({ sessions: [...sessions, session], active: key }));
    screen.terminal.onData((data) => void this.write(key, data));
    screen.terminal.onResize(({ cols, rows }) => this.#resize(key, cols, rows));
    void this.#run(key);
  }

  /** Starts a new shell where the old one has ended. */
  reopen(key: number): void {
    const session = this.#find(key);
    if (session === undefined || session.state.kind === 'open' || session.state.kind === 'opening') return;
    session.screen.terminal.reset();
    this.#setState(key, { kind: 'opening' });
    void this.#run(key);
  }

  activate(key: number): void {
    this.store.setState({ active: key });
  }

  async write(key: number, data: string): Promise<void> {
    const state = this.#find(key)?.state;
    if (state?.kind !== 'open') return;
    try {
      for (let at = 0; at < data.length; at += MAX_WRITE_CHARACTERS) {
        const part = data.slice(at, at + MAX_WRITE_CHARACTERS);
        await this.#client.terminal.write({ terminalId: state.terminalId, data: part });
      }
    } catch (error) {
      this.#setState(key, { kind: 'failed', error: readAppError(error) });
    }
  }

  close(key: number): void {
    const session = this.#find(key);
    if (session === undefined) return;
    this.store.setState(({ sessions, active }) => {
      const at = sessions.findIndex((known) => known.key === key);
      const rest = sessions.filter((known) => known.key !== key);
      return { sessions: rest, active: active === key ? rest[Math.min(at, rest.length - 1)]?.key : active };
    });
    if (session.state.kind === 'open') this.#end(session.state.terminalId);
    session.screen.dispose();
  }

  async #run(key: number): Promise<void> {
    const session = this.#find(key);
    if (session === undefined) return;
    const { screen, place } = session;
    try {
      const { cols, rows } = screen.terminal;
      const { terminalId, shell } = await this.#client.terminal.open({
        projectId: place.projectId,
        service: place.service,
        ...(place.instance ? { instance: place.instance.id } : {}),
        columns: cols,
        rows,
      });
      if (this.#find(key) === undefined) return this.#end(terminalId);
      this.#setState(key, { kind: 'open', terminalId, shell });
      // The page may have been laid out while the shell was being opened.
      this.#resize(key, screen.terminal.cols, screen.terminal.rows);
      await this.#pump(key, terminalId, screen);
    } catch (error) {
      this.#setState(key, { kind: 'failed', error: readAppError(error) });
    }
  }

  async #pump(key: number, terminalId: string, screen: TerminalScreen): Promise<void> {
    while (this.#find(key) !== undefined) {
      const { data, exit } = await this.#client.terminal.read({ terminalId });
      if (this.#find(key) === undefined) return;
      if (data !== '') await screen.write(data);
      if (exit === undefined) continue;
      this.#setState(key, { kind: 'exited', code: exit.code });
      return;
    }
  }

  #resize(key: number, columns: number, rows: number): void {
    const state = this.#find(key)?.state;
    if (state?.kind !== 'open' || columns < 2 || rows < 1) return;
    // A shell that has just ended cannot be resized; its exit comes through `read`.
    this.#client.terminal.resize({ terminalId: state.terminalId, columns, rows }).catch(() => undefined);
  }

  #end(terminalId: string): void {
    // Already gone is what was wanted.
    this.#client.terminal.close({ terminalId }).catch(() => undefined);
  }

  #find(key: number): Session | undefined {
    return this.store.getState().sessions.find((session) => session.key === key);
  }

  #setState(key: number, state: SessionState): void {
    this.store.setState(({ sessions }) => ({
      sessions: sessions.map((session) => (session.key === key ? { ...session, state } : session)),
    }));
  }
}
