import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { OpenProjects } from '../projects/open-project.ts';
import { rpc } from '../rpc/implementer.ts';
import type { TerminalService } from './terminal-service.ts';

export function createTerminalRouter(projects: OpenProjects) {
  const find = (terminalId: string): TerminalService | undefined => {
    for (const { terminal } of projects.all()) if (terminal.has(terminalId)) return terminal;
    return undefined;
  };
  const holder = (terminalId: string): TerminalService => {
    const terminal = find(terminalId);
    if (terminal !== undefined) return terminal;
    throw new AppError('stream.unknown', phrase('terminal_gone'), {
      params: { id: terminalId },
    });
  };
  return {
    open: rpc.terminal.open.handler(({ input, context }) =>
      projects.get(input.projectId).terminal.open(input, context.signal),
    ),
    read: rpc.terminal.read.handler(({ input }) => holder(input.terminalId).read(input.terminalId)),
    write: rpc.terminal.write.handler(({ input }) => {
      holder(input.terminalId).write(input.terminalId, input.data);
      return {};
    }),
    resize: rpc.terminal.resize.handler(async ({ input }) => {
      await holder(input.terminalId).resize(input.terminalId, input);
      return {};
    }),
    close: rpc.terminal.close.handler(({ input }) => {
      find(input.terminalId)?.close(input.terminalId);
      return {};
    }),
  };
}
