import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The real `docker compose` v2; `npm test` finds it and names it in DOCKER_COMPOSE_BIN. */
export const COMPOSE_CLI = process.env.DOCKER_COMPOSE_BIN;

/** Runs it as a person would, inside the workspace. */
export async function dockerCompose(workspace: string, ...args: string[]): Promise<string> {
  if (COMPOSE_CLI === undefined) throw new Error('DOCKER_COMPOSE_BIN is not set');
  const { stdout } = await promisify(execFile)(COMPOSE_CLI, args, { cwd: workspace });
  return stdout;
}
