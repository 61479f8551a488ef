import { formatLogLine } from '../../../shared/logs/format-log-line.ts';
import type { LogBatch, LogMark } from '../../../shared/logs/logs-contract.ts';

/** ANSI colours that tell services apart; also the chips' colours, by the same index. */
export const SERVICE_COLOURS = ['34', '35', '36', '32', '33', '31'] as const;

export function serviceColourIndex(service: string, services: readonly string[]): number {
  const at = services.indexOf(service);
  return Math.max(at, 0) % SERVICE_COLOURS.length;
}

interface LogTextOptions {
  readonly services: readonly string[];
  /** Only lines that carry this request id. */
  readonly requestId: string | undefined;
  readonly droppedNote: (count: number) => string;
  readonly markText: (mark: LogMark, service: string) => string;
}

/** What the screen gets for a batch: one line each, led by the service in its colour. */
export function formatBatch(batch: LogBatch, options: LogTextOptions): string {
  const { services, requestId, markText } = options;
  const width = Math.max(0, ...services.map((service) => service.length));
  const lines = batch.lines
    .filter((line) => requestId === undefined || line.text.includes(requestId))
    .map((line) => {
      const colour = SERVICE_COLOURS[serviceColourIndex(line.service, services)];
      return `\u001b[${colour}m${line.service.padEnd(width)}\u001b[0m ${formatLogLine(line, { color: true, markText })}\n`;
    });
  const note = batch.dropped > 0 ? `\u001b[33m${options.droppedNote(batch.dropped)}\u001b[0m\n` : '';
  return note + lines.join('');
}
