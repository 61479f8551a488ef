import { AppError } from '../../../shared/errors/app-error.ts';
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
    return new AppError('port.in_use', `Port ${port} is in use, so ${service} cannot start.`, {
      hint: 'Stop the program that uses it, or move to another port.',
      params: { service, port },
    });
  }
  const refusal = configRefusal(exitCode, lines);
  if (refusal !== undefined) return refusal;
  const code = exitCode ?? -1;
  return new AppError('service.exited', `${service} ended with exit code ${code}.`, {
    hint: 'Its last lines say why; open the logs for more.',
    params: { service, exitCode: code, output: lines.slice(-3).join('\n').slice(-MAX_OUTPUT_CHARS) },
  });
}

export function unhealthyFault(service: string, output: string): AppError {
  return new AppError('service.unhealthy', `${service} does not pass its health check.`, {
    hint: 'The output of the check says why; open the logs for more.',
    params: { service, output: output.slice(-MAX_OUTPUT_CHARS) },
  });
}

export function spawnFault(service: string, command: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError('service.start_failed', `${service} could not be started: ${reason}.`, {
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
