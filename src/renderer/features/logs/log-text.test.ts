import { describe, expect, it } from 'vitest';
import { formatBatch } from './log-text.ts';

const line = (service: string, text: string) => ({ service, text, at: 0, stream: 'stdout' as const });
const options = {
  services: ['gateway', 'proxy'],
  requestId: undefined,
  droppedNote: (count: number) => `${count} skipped`,
  markText: (mark: string) => mark,
};

describe('formatBatch', () => {
  it('leads each line with its service in the service’s colour', () => {
    const text = formatBatch({ lines: [line('proxy', 'GET /')], dropped: 0, state: 'streaming' }, options);
    expect(text).toBe('\u001b[35mproxy  \u001b[0m GET /\n');
  });

  it('says how many lines were lost before the ones that follow', () => {
    const text = formatBatch({ lines: [line('gateway', 'a')], dropped: 3, state: 'streaming' }, options);
    expect(text).toMatch(/3 skipped.*\n.*gateway/);
  });

  it('keeps only the lines of a request', () => {
    const lines = [line('gateway', 'reqId=r1 start'), line('gateway', 'reqId=r2 start')];
    const text = formatBatch({ lines, dropped: 0, state: 'streaming' }, { ...options, requestId: 'r2' });
    expect(text).not.toContain('r1');
    expect(text).toContain('r2');
  });
});
