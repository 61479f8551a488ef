import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLogLine } from './format-log-line.ts';
import type { LogLine } from './logs-contract.ts';

const at = new Date(2026, 0, 2, 12, 3, 4).getTime();
const line = (text: string, stream: LogLine['stream'] = 'stdout'): LogLine => ({
  service: 'ai-gateway',
  at,
  stream,
  text,
});
const plain = (text: string) => formatLogLine(line(text), { color: false });
const coloured = (text: string) => formatLogLine(line(text), { color: true });

describe('formatLogLine', () => {
  it('turns a pino line into time, level, message and fields', () => {
    const record = {
      level: 30,
      time: at,
      pid: 7,
      hostname: 'h',
      msg: 'skills reloaded',
      generation: 3,
      ms: 12,
    };
    expect(plain(JSON.stringify(record))).toBe('12:03:04 INFO skills reloaded generation=3 ms=12');
  });

  it('colours the level and resets after it', () => {
    expect(coloured(JSON.stringify({ level: 50, time: at, msg: 'no' }))).toBe(
      '\u001b[90m12:03:04\u001b[0m \u001b[31mERROR\u001b[0m no',
    );
  });

  it('knows levels by name and times in ISO 8601, as the services of the stack write them', () => {
    const record = { level: 'warn', time: new Date(at).toISOString(), service: 'ai-gateway', msg: 'slow' };
    expect(plain(JSON.stringify(record))).toBe('12:03:04 WARN slow');
  });

  it('quotes values with spaces and keeps objects as JSON', () => {
    expect(plain(JSON.stringify({ level: 40, time: at, msg: 'm', why: 'a b', err: { code: 1 } }))).toBe(
      '12:03:04 WARN m why="a b" err={"code":1}',
    );
  });

  it('leaves other text alone', () => {
    for (const text of ['hello', '{"level":30', '{"a":1}', '[1]', '', '{"level":"info"}', '\tat x.ts:1'])
      expect(plain(text)).toBe(text);
  });

  it('keeps colours of the service and ends them, drops them without colour', () => {
    expect(coloured('\u001b[31mred')).toBe('\u001b[31mred\u001b[0m');
    expect(plain('\u001b[31mred')).toBe('red');
  });

  it('takes out what could act on the terminal', () => {
    const hostile = [
      'a\u001b]0;title\u0007b',
      'a\u001b]52;c;AAAA\u001b\\b',
      'a\u001b[2J\u001b[1;1Hb',
      'a\u001bPq#0\u001b\\b',
      'a\u001bcb',
      'a\u009b2Jb',
      'a\u009d0;t\u009cb',
      'a\u0008\u0007b',
      'a\u001b(0b',
      'a\u001b[?1049hb',
    ];
    for (const text of hostile) expect(coloured(text).replace('\u001b[0m', '')).toBe('ab');
  });

  it('takes control sequences out of JSON fields too', () => {
    const text = plain(
      JSON.stringify({ level: 30, time: at, msg: 'x\u001b[2Jy', 'k\u001b[2J': '\u001b]0;t\u0007v' }),
    );
    expect(text).toBe('12:03:04 INFO xy k=v');
  });

  it('shows only the last state of a line that overwrote itself', () => {
    expect(plain('10%\r50%\r100%')).toBe('100%');
  });

  it('marks lines of the panel', () => {
    expect(formatLogLine(line('started', 'panel'), { color: false })).toBe('── started ──');
  });

  it('says a mark of the panel in the reader’s language', () => {
    const mark = { ...line('ai-gateway started', 'panel'), mark: 'started' as const };
    const markText = (what: string, service: string) => `${service} → ${what}`;
    expect(formatLogLine(mark, { color: false, markText })).toBe('── ai-gateway → started ──');
  });

  it('never lets anything but SGR through', () => {
    const alphabet = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      'm',
      ';',
      '3',
      'P',
      '\u0007',
      '\\',
      'a',
      '\u009b',
      '\n',
      '\r',
    );
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 40 }), (chars) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what may stay
        const text = coloured(chars.join('')).replace(/\u001b\[[\d;:]*m/g, '');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone
        expect(text).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 2000 },
    );
  });
});
