import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { listeningInodes, parseLsof, parseNetstat } from './parse-listeners.ts';

export interface PortOwner {
  readonly pid: number;
  readonly name: string;
}

const COMMAND_TIMEOUT_MS = 3000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Whether a server could listen there now; an address of another machine counts as not free. */
export function isPortFree(hostIp: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref();
    server.once('error', () => resolve(false));
    server.listen({ host: hostIp, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The process that listens on a TCP port of this machine; undefined when it cannot be found out. */
export async function findPortOwner(
  port: number,
  platform: NodeJS.Platform = process.platform,
): Promise<PortOwner | undefined> {
  if (platform === 'linux') return linuxOwner(port);
  if (platform === 'win32') return windowsOwner(port);
  return parseLsof(await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']));
}

async function linuxOwner(port: number): Promise<PortOwner | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // Processes come and go meanwhile, and those of other users do not show their files.
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [] as string[]);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      return { pid: Number(pid), name: await processName(pid) };
    }
  }
  return undefined;
}

/** The program as it was called: what the kernel keeps as its name may be that of a thread, such as `MainThread`. */
async function processName(pid: string): Promise<string> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  // Some programs write a sentence there: `nginx: master process …`.
  const program = /^[^\0\s:]+/.exec(commandLine)?.[0].split('/').at(-1);
  if (program !== undefined && program !== '') return program;
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process')).trim();
}

async function windowsOwner(port: number): Promise<PortOwner | undefined> {
  const pid = parseNetstat(await run('netstat', ['-ano', '-p', 'TCP']), port);
  if (pid === undefined) return undefined;
  const list = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']);
  return { pid, name: /^"([^"]+)"/.exec(list.trim())?.[1] ?? 'a process' };
}

/** Output of a system tool; empty when it is absent, fails or takes too long. */
function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const options = { timeout: COMMAND_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true };
    execFile(command, args, options, (_error, stdout) => resolve(stdout));
  });
}
