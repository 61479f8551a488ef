import type { LogLine, LogMark } from './logs-contract.ts';
import { readAccessRecord } from './read-access-record.ts';
import { stripControls } from './strip-controls.ts';

export interface FormatLogOptions {
  /** SGR colours for xterm; without, plain text for copying and searching. */
  readonly color: boolean;
  /** What a mark of the panel says to this reader; without, its English text. */
  readonly markText?: (mark: LogMark, service: string) => string;
}

interface Level {
  readonly from: number;
  readonly name: string;
  readonly sgr: string;
}

const LEVELS: readonly Level[] = [
  { from: 60, name: 'FATAL', sgr: '97;41' },
  { from: 50, name: 'ERROR', sgr: '31' },
  { from: 40, name: 'WARN', sgr: '33' },
  { from: 30, name: 'INFO', sgr: '32' },
  { from: 20, name: 'DEBUG', sgr: '36' },
  { from: 0, name: 'TRACE', sgr: '90' },
];
const PLAIN_LEVEL: Level = { from: 30, name: 'INFO', sgr: '32' };
const DIM = '90';
/** Said by the prefix, or the same on every line of a service. */
const HIDDEN_FIELDS = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'service', 'v']);
const MAX_VALUE_CHARS = 300;

/**
 * One log line as the log view shows it.
 *
 * A pino JSON line becomes `12:03:04 INFO skills reloaded generation=3 ms=12`; any other text stays as it is.
 * All control sequences but colours are taken out in both cases.
 */
export function formatLogLine(line: LogLine, { color, markText }: FormatLogOptions): string {
  const paint = (sgr: string, text: string) => (color ? `\u001b[${sgr}m${text}\u001b[0m` : text);
  if (line.stream === 'panel') {
    const text = line.mark && markText ? markText(line.mark, line.service) : line.text;
    return paint('35', `── ${stripControls(text, false)} ──`);
  }
  const parsed = parseRecord(line.text);
  if (!parsed) {
    const text = stripControls(line.text, color);
    // A colour that the line leaves on must not run into the next one.
    return color && text.includes('\u001b') ? `${text}\u001b[0m` : text;
  }
  const { level, record } = parsed;
  const message = typeof record.msg === 'string' ? record.msg : '';
  const parts = [
    paint(DIM, clockTime(timeOf(record.time) ?? line.at)),
    paint(level.sgr, level.name),
    stripControls(oneLine(message), false),
    ...Object.entries(record)
      .filter(([name]) => !HIDDEN_FIELDS.has(name))
      .map(([name, value]) => `${paint(DIM, `${stripControls(oneLine(name), false)}=`)}${shown(value)}`),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** A JSON object with a pino level, as a number or by name, and a message; or nothing. */
function parseRecord(
  text: string,
): { readonly level: Level; readonly record: Readonly<Record<string, unknown>> } | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    const record = parsed as Record<string, unknown>;
    const access = readAccessRecord(record);
    if (access) return { level: levelOf(access.level) ?? PLAIN_LEVEL, record: access };
    const level = levelOf(record.level);
    // Other programs name levels too; only pino puts its words into `msg`.
    return level && (typeof record.level === 'number' || 'msg' in record) ? { level, record } : undefined;
  } catch {
    // Not JSON after all, or cut at the length limit: shown as it came.
    return undefined;
  }
}

function levelOf(level: unknown): Level | undefined {
  if (typeof level === 'string') return LEVELS.find(({ name }) => name === level.toUpperCase());
  if (typeof level !== 'number') return undefined;
  return LEVELS.find(({ from }) => level >= from) ?? LEVELS.at(-1);
}

/** Epoch milliseconds of a record's time, which is those or ISO 8601. */
function timeOf(time: unknown): number | undefined {
  const at = typeof time === 'string' ? Date.parse(time) : time;
  return typeof at === 'number' && !Number.isNaN(at) ? at : undefined;
}

function clockTime(at: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const clean = stripControls(oneLine(text), false);
  const short = clean.length <= MAX_VALUE_CHARS ? clean : `${clean.slice(0, MAX_VALUE_CHARS)}…`;
  return typeof value === 'string' && /[\s="]/.test(short) ? JSON.stringify(short) : short;
}

/** Line breaks of a message (a stack trace) would break the one-line rule of the view. */
function oneLine(text: string): string {
  return text.replace(/\r?\n\s*/g, ' ⏎ ');
}
