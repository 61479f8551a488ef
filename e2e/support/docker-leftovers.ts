import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

async function list(...args: string[]): Promise<string[]> {
  const { stdout } = await run('docker', args);
  return stdout.split('\n').filter(Boolean);
}

/** Containers and networks that still carry the project's label. */
export async function dockerLeftovers(project: string): Promise<string[]> {
  const filter = `label=com.docker.compose.project=${project}`;
  return [
    ...(await list('ps', '-aq', '--filter', filter)),
    ...(await list('network', 'ls', '-q', '--filter', filter)),
  ];
}

/** After a test: also its volumes, which a stop keeps, and the images that it built. */
export async function removeDockerTraces(project: string): Promise<void> {
  const filter = `label=com.docker.compose.project=${project}`;
  for (const id of await list('ps', '-aq', '--filter', filter)) await run('docker', ['rm', '-f', '-v', id]);
  for (const id of await list('network', 'ls', '-q', '--filter', filter))
    await run('docker', ['network', 'rm', id]);
  for (const name of await list('volume', 'ls', '-q', '--filter', filter))
    await run('docker', ['volume', 'rm', name]);
  for (const image of await list('images', '--format', '{{.Repository}}:{{.Tag}}', `${project}-*`))
    await run('docker', ['rmi', '-f', image]);
}
