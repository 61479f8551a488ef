import { setTimeout as delay } from 'node:timers/promises';
import type { DockerApi } from './docker-api.ts';
import { FrameDemuxer } from './frame-demuxer.ts';
import { LineSplitter } from './line-splitter.ts';

const EXIT_POLLS = 40;
const EXIT_POLL_MS = 25;

/** The exec resource itself; fields as in the API. */
export async function createExec(
  api: DockerApi,
  id: string,
  command: readonly string[],
  signal: AbortSignal,
  options: object = {},
): Promise<string> {
  const body = { AttachStdout: true, AttachStderr: true, Cmd: command, ...options };
  const { Id } = await api.json<{ Id: string }>({
    method: 'POST',
    path: `/containers/${id}/exec`,
    body,
    signal,
  });
  return Id;
}

/** Runs a command without a terminal to its end and returns its exit code; lines of both its outputs as they come. */
export async function runExec(
  api: DockerApi,
  id: string,
  command: readonly string[],
  signal: AbortSignal,
  options: object = {},
  onLine: (line: string) => void = () => {},
): Promise<number | null> {
  const execId = await createExec(api, id, command, signal, { ...options, Tty: false });
  const stream = await api.stream({
    method: 'POST',
    path: `/exec/${execId}/start`,
    body: { Detach: false, Tty: false },
    signal,
  });
  const lines = { stdout: new LineSplitter(onLine), stderr: new LineSplitter(onLine) };
  const demuxer = new FrameDemuxer((channel, payload) => lines[channel].push(payload));
  for await (const chunk of stream as AsyncIterable<Buffer>) demuxer.push(chunk);
  lines.stdout.end();
  lines.stderr.end();
  return (await readExitCode(api, execId)).code;
}

/** The connection may end a moment before the engine has noted the exit. */
export async function readExitCode(
  api: DockerApi,
  execId: string,
): Promise<{ readonly code: number | null }> {
  for (let poll = 0; poll < EXIT_POLLS; poll += 1) {
    const exec = await api
      .json<{ Running?: boolean; ExitCode?: number | null }>({ path: `/exec/${execId}/json` })
      .catch(() => undefined);
    if (!exec) return { code: null };
    if (!exec.Running) return { code: exec.ExitCode ?? null };
    await delay(EXIT_POLL_MS);
  }
  return { code: null };
}
