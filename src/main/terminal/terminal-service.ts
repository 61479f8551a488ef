import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { terminalReadSchema } from '../../shared/terminal/terminal-contract.ts';
import type { ShellSession, StackEngine, TerminalSize } from '../engine/stack-engine.ts';
import { OutputBuffer } from './output-buffer.ts';

export interface TerminalServiceDeps {
  readonly engine: () => Pick<StackEngine, 'openShell'>;
  /** A running instance of the service, or the one that was asked for; undefined when it does not run. */
  readonly findInstance: (
    service: string,
    instance: string | undefined,
  ) => string | undefined | Promise<string | undefined>;
  readonly waitMs?: number;
}

export type TerminalRead = z.output<typeof terminalReadSchema>;

interface Terminal {
  readonly session: ShellSession;
  readonly buffer: OutputBuffer;
  readonly forget: () => void;
  exit?: { readonly code: number | null };
}

const MAX_TERMINALS = 32;
const BUFFER_CHARS = 1024 * 1024;
const READ_CHARS = 64 * 1024;
const WAIT_MS = 10_000;

/** Shells in the services. Each lives as long as the connection that opened it. */
export class TerminalService {
  readonly #deps: TerminalServiceDeps;
  readonly #terminals = new Map<string, Terminal>();
  readonly #disposed = new AbortController();
  #opening = 0;

  constructor(deps: TerminalServiceDeps) {
    this.#deps = deps;
  }

  get openCount(): number {
    return this.#terminals.size + this.#opening;
  }

  async open(
    input: TerminalSize & { readonly service: string; readonly instance?: string | undefined },
    owner: AbortSignal,
  ): Promise<{ readonly terminalId: string; readonly shell: string }> {
    const { service, columns, rows } = input;
    if (this.openCount >= MAX_TERMINALS)
      throw new AppError('operation.busy', phrase('too_many_terminals'), { hint: 'Close some of them.' });
    this.#opening += 1;
    try {
      const instanceId = await this.#deps.findInstance(service, input.instance);
      if (instanceId === undefined)
        throw new AppError('service.not_running', phrase('no_place_for_shell_of', { service }), {
          hint: 'Start the stack first.',
          params: { service },
        });
      const signal = AbortSignal.any([owner, this.#disposed.signal]);
      const session = await this.#deps.engine().openShell(instanceId, { columns, rows }, signal);
      if (signal.aborted) {
        session.close();
        throw new AppError('cancelled', phrase('cancelled'));
      }
      return { terminalId: this.#register(session, owner), shell: session.shell };
    } finally {
      this.#opening -= 1;
    }
  }

  has(terminalId: string): boolean {
    return this.#terminals.has(terminalId);
  }

  async read(terminalId: string): Promise<TerminalRead> {
    const terminal = this.#get(terminalId);
    await terminal.buffer.waitForOutput(this.#deps.waitMs ?? WAIT_MS);
    const data = terminal.buffer.take(READ_CHARS);
    const isOver = terminal.buffer.isEnded && terminal.buffer.length === 0;
    return isOver ? { data, exit: terminal.exit ?? { code: null } } : { data };
  }

  write(terminalId: string, data: string): void {
    this.#get(terminalId).session.write(data);
  }

  resize(terminalId: string, size: TerminalSize): Promise<void> {
    return this.#get(terminalId).session.resize(size);
  }

  close(terminalId: string): void {
    const terminal = this.#terminals.get(terminalId);
    if (!terminal) return;
    this.#terminals.delete(terminalId);
    terminal.forget();
    terminal.buffer.end();
    terminal.session.close();
  }

  dispose(): void {
    this.#disposed.abort();
    for (const id of [...this.#terminals.keys()]) this.close(id);
  }

  #register(session: ShellSession, owner: AbortSignal): string {
    const terminalId = randomUUID();
    const onGone = () => this.close(terminalId);
    owner.addEventListener('abort', onGone, { once: true });
    const terminal: Terminal = {
      session,
      buffer: new OutputBuffer(BUFFER_CHARS),
      forget: () => owner.removeEventListener('abort', onGone),
    };
    this.#terminals.set(terminalId, terminal);
    void this.#pump(terminal);
    return terminalId;
  }

  async #pump(terminal: Terminal): Promise<void> {
    const { session, buffer } = terminal;
    try {
      for await (const text of session.output) {
        if (buffer.isEnded) break;
        await buffer.push(text);
      }
      terminal.exit = await session.exit;
    } catch {
      // A shell that breaks off has no exit code; the reader learns that it is over.
      terminal.exit = { code: null };
    } finally {
      buffer.end();
    }
  }

  #get(terminalId: string): Terminal {
    const terminal = this.#terminals.get(terminalId);
    if (!terminal)
      throw new AppError('stream.unknown', phrase('terminal_gone'), {
        params: { id: terminalId },
      });
    return terminal;
  }
}
