import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, vi } from 'vitest';
import type { BackendCall } from '../backends/backend.ts';
import { type Clock, SYSTEM_CLOCK } from '../backends/llama-cpp/lifecycle/clock.ts';
import { LlamaCppBackend } from '../backends/llama-cpp/llama-cpp-backend.ts';
import { type LlamaCppBackendConfig, LlamaCppBackendSchema } from '../config/backend-schema.ts';
import type { ChatGeneration } from '../pipeline/generation-request.ts';

const WORKER = new URL('./fake-model-worker.mjs', import.meta.url);
export const SOON = { timeout: 10_000, interval: 10 };
/** For a clock that is turned: no pong comes while it turns. */
export const NEVER_HANGS = { hangSeconds: 0, stallSeconds: 0 };

const ends: (() => Promise<void>)[] = [];

/** After each test. */
export async function endModels(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

/**
 * A backend over a real process without a model.
 *
 * @param behaviour one of fake-model-worker.mjs, or `absent`: the file is not there
 */
export async function startModel(
  behaviour: string,
  { clock = SYSTEM_CLOCK, ...settings }: { readonly clock?: Clock } & Partial<LlamaCppBackendConfig> = {},
) {
  const directory = await mkdtemp(path.join(tmpdir(), 'model-process-'));
  ends.push(() => rm(directory, { recursive: true, force: true }));
  const modelPath = path.join(directory, `${behaviour}.gguf`);
  if (behaviour !== 'absent') await writeFile(modelPath, 'GGUF');
  const config = LlamaCppBackendSchema.parse({ name: 'local', kind: 'llama-cpp', modelPath, ...settings });
  const states: string[] = [];
  const backend = new LlamaCppBackend({
    config,
    clock,
    workerFile: WORKER,
    onState: () => states.push(backend.processStatus.state),
    onLog: () => undefined,
  });
  ends.push(() => backend.dispose());
  const is = (state: string) => vi.waitFor(() => expect(backend.processStatus.state).toBe(state), SOON);
  return { backend, config, is, modelPath, states };
}

let requests = 0;

/** A call that asks for an answer in one piece unless it says otherwise. */
export function chatCall(
  request: Partial<ChatGeneration> = {},
  signal: AbortSignal = new AbortController().signal,
): BackendCall<ChatGeneration> {
  requests += 1;
  return {
    requestId: `r${requests}`,
    trace: undefined,
    signal,
    request: {
      operation: 'chat',
      model: undefined,
      messages: [{ role: 'user', content: 'hi' }],
      fields: {},
      stream: false,
      skills: 'none',
      conversation: undefined,
      ...request,
    },
  };
}

/** What the model says, which is the process id of whoever says it. */
export async function askModel(backend: LlamaCppBackend, signal?: AbortSignal): Promise<number> {
  const answer = await backend.chat(chatCall({}, signal));
  if (answer.kind !== 'whole') throw new Error('a stream');
  return Number((answer.body.choices as { message: { content: string } }[])[0]?.message.content);
}
