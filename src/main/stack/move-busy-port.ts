import { AppError } from '../../shared/errors/app-error.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type PortProbe, portVariable } from './preflight.ts';

const TRIED_PORTS = 200;

/** Writes the next free port into `.env` in place of a taken one. */
export async function moveBusyPort(
  workspace: Workspace,
  ports: PortProbe,
  port: number,
): Promise<{ variable: string; port: number }> {
  const env = await workspace.readEnv();
  const variable = portVariable(env, port);
  if (variable === undefined)
    throw new AppError('invalid_input', `No setting in .env says port ${port}.`, {
      hint: 'Change it in the compose file that names it.',
      params: { port },
    });
  const taken = new Set(Object.values(workspace.settings.ports));
  for (let next = port + 1; next <= Math.min(65535, port + TRIED_PORTS); next += 1) {
    if (taken.has(next) || !(await ports.isFree('127.0.0.1', next))) continue;
    await workspace.setEnv(variable, String(next));
    return { variable, port: next };
  }
  throw new AppError('port.in_use', `No free port was found after ${port}.`, {
    params: { port, service: '', owner: '', pid: 0, variable },
  });
}
