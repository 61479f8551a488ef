import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { SandboxSpec } from '../../compose/project.ts';
import { configRefusal } from '../exit-fault.ts';

const MAX_OUTPUT_CHARS = 500;

/** Why a process ended, from its last lines: a taken port has its own code. */
export function exitFault(
  service: string,
  exitCode: number | undefined,
  lines: readonly string[],
  spec: SandboxSpec,
): AppError {
  const text = lines.join('\n');
  if (/EADDRINUSE|address already in use/i.test(text)) {
    const port = Number(/(?:EADDRINUSE|in use)\D.*?:(\d{2,5})\b/i.exec(text)?.[1] ?? servicePort(spec) ?? 0);
    return new AppError('port.in_use', phrase('port_keeps_from_start', { port, service }), {
      hint: 'Stop the program that uses it, or move to another port.',
      params: { service, port },
    });
  }
  const refusal = configRefusal(exitCode, lines);
  if (refusal !== undefined) return refusal;
  const code = exitCode ?? -1;
  return new AppError('service.exited', phrase('exited', { service, code }), {
    hint: 'Its last lines say why; open the logs for more.',
    params: { service, exitCode: code, output: lines.slice(-3).join('\n').slice(-MAX_OUTPUT_CHARS) },
  });
}

export function unhealthyFault(service: string, output: string): AppError {
  return new AppError('service.unhealthy', phrase('unhealthy', { service }), {
    hint: 'The output of the check says why; open the logs for more.',
    params: { service, output: output.slice(-MAX_OUTPUT_CHARS) },
  });
}

export function spawnFault(service: string, command: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError('service.start_failed', phrase('start_failed', { service, reason: `${reason}.` }), {
    hint: `Is ${command} there?`,
    params: { service, reason },
    cause,
  });
}

/** The port a service listens on, as far as its description says. */
export function servicePort(spec: SandboxSpec): number | undefined {
  if (spec.health === undefined || !URL.canParse(spec.health.http)) return undefined;
  const { port } = new URL(spec.health.http);
  return port === '' ? undefined : Number(port);
}
