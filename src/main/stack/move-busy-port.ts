import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import { diskFault } from '../workspace/disk-fault.ts';
import { setEnvValue } from '../workspace/env-text.ts';
import { type PortProbe, portVariable } from './preflight.ts';
import type { ProjectSource } from './project-source.ts';

const TRIED_PORTS = 200;

/** Writes the next free port into `.env` in place of a taken one. */
export async function moveBusyPort(
  source: Pick<ProjectSource, 'envFile' | 'readEnv'>,
  ports: PortProbe,
  port: number,
): Promise<{ variable: string; port: number }> {
  const env = await source.readEnv();
  const variable = portVariable(env, port);
  if (variable === undefined || source.envFile === undefined)
    throw new AppError('invalid_input', phrase('no_port_setting', { port }), {
      hint: 'Change it in the compose file that names it.',
      params: { port },
    });
  const taken = new Set(
    Object.entries(env).flatMap(([name, value]) => (name.endsWith('PORT') ? [value] : [])),
  );
  for (let next = port + 1; next <= Math.min(65535, port + TRIED_PORTS); next += 1) {
    if (taken.has(String(next)) || !(await ports.isFree('127.0.0.1', next))) continue;
    await setEnv(source.envFile, variable, String(next));
    return { variable, port: next };
  }
  throw new AppError('port.in_use', phrase('no_free_port', { port }), {
    params: { port, service: '', owner: '', pid: 0, variable },
  });
}

async function setEnv(file: string, name: string, value: string): Promise<void> {
  try {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    await writeFileAtomic(file, setEnvValue(text, name, value), { mode: 0o600 });
  } catch (error) {
    throw diskFault(error, file);
  }
}
