import { describe, expect, it } from 'vitest';
import type { ShellSession, TerminalSize } from '../engine/stack-engine.ts';
import { OutputBuffer } from './output-buffer.ts';
import { TerminalService } from './terminal-service.ts';

class FakeShell implements ShellSession {
  readonly shell = 'bash';
  readonly written: string[] = [];
  readonly sizes: TerminalSize[] = [];
  readonly exit = Promise.resolve({ code: 3 });
  readonly #source = new OutputBuffer(Number.POSITIVE_INFINITY);
  closed = 0;

  get output(): AsyncIterable<string> {
    const source = this.#source;
    return (async function* () {
      while (!source.isEnded || source.length > 0) {
        await source.waitForOutput(1000);
        if (source.length > 0) yield source.take(Number.POSITIVE_INFINITY);
      }
    })();
  }

  emit(text: string): void {
    void this.#source.push(text);
  }

  end(): void {
    this.#source.end();
  }

  write(data: string): void {
    this.written.push(data);
  }

  async resize(size: TerminalSize): Promise<void> {
    this.sizes.push(size);
  }

  close(): void {
    this.closed += 1;
    this.end();
  }
}

function setUp() {
  const shells: FakeShell[] = [];
  const openShell = async () => {
    const shell = new FakeShell();
    shells.push(shell);
    return shell;
  };
  const service = new TerminalService({
    engine: () => ({ openShell }),
    findInstance: (name) => (name === 'web' ? 'w1' : undefined),
    waitMs: 50,
  });
  const owner = new AbortController();
  const open = async () =>
    (await service.open({ service: 'web', columns: 80, rows: 24 }, owner.signal)).terminalId;
  return { shells, service, owner, open };
}

describe('TerminalService', () => {
  it('hands output over, then the exit code', async () => {
    const { shells, service, open } = setUp();
    const id = await open();
    shells[0]?.emit('$ ');
    expect(await service.read(id)).toEqual({ data: '$ ' });
    service.write(id, 'exit 3\n');
    await service.resize(id, { columns: 100, rows: 30 });
    expect(shells[0]?.written).toEqual(['exit 3\n']);
    expect(shells[0]?.sizes).toEqual([{ columns: 100, rows: 30 }]);
    shells[0]?.end();
    expect(await service.read(id)).toEqual({ data: '', exit: { code: 3 } });
    expect(await service.read(id)).toEqual({ data: '', exit: { code: 3 } });
  });

  it('refuses a service that does not run and ids that are closed', async () => {
    const { service, owner, open } = setUp();
    const opening = service.open({ service: 'db', columns: 80, rows: 24 }, owner.signal);
    await expect(opening).rejects.toMatchObject({ code: 'service.not_running', params: { service: 'db' } });
    const id = await open();
    service.close(id);
    await expect(service.read(id)).rejects.toMatchObject({ code: 'stream.unknown' });
  });

  it('ends its shells when the window goes', async () => {
    const { shells, service, owner, open } = setUp();
    await open();
    await open();
    owner.abort();
    expect(shells.map(({ closed }) => closed)).toEqual([1, 1]);
    expect(service.openCount).toBe(0);
  });

  it('answers at most 64 KiB at a time and loses nothing of a flood', async () => {
    const { shells, service, open } = setUp();
    const id = await open();
    const flood = 'x'.repeat(200_000);
    shells[0]?.emit(flood);
    let read = '';
    while (read.length < flood.length) {
      const { data } = await service.read(id);
      expect(data.length).toBeLessThanOrEqual(65_536);
      read += data;
    }
    expect(read).toBe(flood);
  });

  it('opens and closes a hundred times and leaves nothing', async () => {
    const { shells, service, open } = setUp();
    for (let i = 0; i < 100; i += 1) service.close(await open());
    expect(service.openCount).toBe(0);
    expect(shells.every(({ closed }) => closed === 1)).toBe(true);
  });
});

describe('OutputBuffer', () => {
  it('makes the writer wait while it is full', async () => {
    const buffer = new OutputBuffer(4);
    let isThrough = false;
    const pushing = buffer.push('abcdef').then(() => {
      isThrough = true;
    });
    await Promise.resolve();
    expect(isThrough).toBe(false);
    expect(buffer.take(3)).toBe('abc');
    await pushing;
    expect(isThrough).toBe(true);
  });

  it('does not part a character', async () => {
    const buffer = new OutputBuffer(100);
    await buffer.push('a🦊b');
    expect([buffer.take(2), buffer.take(2), buffer.take(2)]).toEqual(['a', '🦊', 'b']);
  });

  it('lets a waiting writer go when it ends', async () => {
    const buffer = new OutputBuffer(1);
    const pushing = buffer.push('abc');
    buffer.end();
    await pushing;
  });
});
