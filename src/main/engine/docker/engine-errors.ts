import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';

const LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);
const MAX_REASON_CHARS = 600;

/** HTTP status of a refused request, undefined for anything else. */
export function statusOf(error: unknown): number | undefined {
  return numberField(error, 'statusCode');
}

/** The engine's own sentence, without docker-modem's frame around it. */
export function reasonOf(error: unknown): string {
  const json = error instanceof Object && 'json' in error ? error.json : undefined;
  const message = json instanceof Object && 'message' in json ? json.message : undefined;
  const text = typeof message === 'string' ? message : error instanceof Error ? error.message : String(error);
  return text
    .replace(/^\(HTTP code \d+\) .*? - /, '')
    .trim()
    .slice(0, MAX_REASON_CHARS);
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || codeOf(error) === 'ABORT_ERR');
}

export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Object && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Whether the connection itself is gone, as against an answer that says no. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  return statusOf(error) === undefined && code !== undefined && LOST.has(code);
}

/** Translates a fault of a request; what is known by its words gets its own code. */
export function toEngineError(error: unknown, signal?: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (signal?.aborted || isAbort(error))
    return new AppError('cancelled', phrase('cancelled'), { cause: error });
  const reason = reasonOf(error);
  if (isConnectionLost(error) || reason === 'socket hang up')
    return new AppError('engine.unreachable', phrase('connection_lost'), {
      hint: 'Check that Docker is running; Skilldeck reconnects by itself.',
      params: { reason },
      cause: error,
    });
  return (
    knownFault(reason, error) ??
    new AppError('engine.request_failed', phrase('engine_refused', { reason }), {
      params: { status: statusOf(error) ?? 0, reason },
      cause: error,
    })
  );
}

/** Faults that the engine only tells in prose. */
export function knownFault(reason: string, cause?: unknown): AppError | undefined {
  if (/no space left on device/i.test(reason))
    return new AppError('disk_full', phrase('engine_disk_full'), {
      hint: 'Free some space, e.g. with "docker system prune", then try again.',
      params: { reason },
      cause,
    });
  if (/port is already allocated|address already in use|ports are not available/i.test(reason)) {
    const port = busyPort(reason);
    return new AppError(
      'port.in_use',
      port === undefined ? phrase('some_port_used') : phrase('port_used', { port }),
      {
        hint: 'Stop that program, or let Skilldeck move the port.',
        params: { ...(port === undefined ? {} : { port }), reason },
        cause,
      },
    );
  }
  if (/pool overlaps|overlaps with other one|subnet.*overlap/i.test(reason))
    return new AppError('subnet.in_use', phrase('some_subnet_used'), {
      hint: 'Choose another subnet in the workspace settings (SKILLDECK_SUBNET in .env).',
      params: { reason },
      cause,
    });
  return undefined;
}

/** The host's side of `Bind for 127.0.0.1:8080 failed`, `listen tcp4 0.0.0.0:80: bind`, `[::]:8080->80/tcp`, … */
function busyPort(reason: string): number | undefined {
  const match = /(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]*\]|:::?|\*):(\d{1,5})(?!\d)/i.exec(reason);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function numberField(value: unknown, name: string): number | undefined {
  const field =
    value instanceof Object && name in value ? (value as Record<string, unknown>)[name] : undefined;
  return typeof field === 'number' ? field : undefined;
}
