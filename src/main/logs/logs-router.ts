import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { OpenProjects } from '../projects/open-project.ts';
import { rpc } from '../rpc/implementer.ts';
import type { LogService } from './log-service.ts';

export function createLogsRouter(projects: OpenProjects) {
  const holder = (streamId: string): LogService | undefined => {
    for (const { logs } of projects.all()) if (logs.has(streamId)) return logs;
    return undefined;
  };
  return {
    open: rpc.logs.open.handler(({ input, context }) => ({
      streamId: projects.get(input.projectId).logs.open(input, context.signal),
    })),
    read: rpc.logs.read.handler(({ input: { streamId } }) => {
      const logs = holder(streamId);
      if (logs !== undefined) return logs.read(streamId);
      throw new AppError('stream.unknown', phrase('log_gone'), {
        params: { id: streamId },
      });
    }),
    close: rpc.logs.close.handler(({ input }) => {
      holder(input.streamId)?.close(input.streamId);
      return {};
    }),
  };
}
