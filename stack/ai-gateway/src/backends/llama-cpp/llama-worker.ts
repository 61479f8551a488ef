import { toFailed } from './engine/engine-fault.ts';
import { type EngineAsk, LlamaEngine } from './llama-engine.ts';
import { refuseMessage } from './refuse-message.ts';
import { loadFailed, pong, progressTeller } from './worker-lifecycle.ts';
import { type FromWorker, type ToWorker, ToWorkerSchema } from './worker-protocol.ts';

/*
 * The child process that runs llama.cpp. A crash of the native code ends this process and nothing else.
 */

const send = (message: FromWorker): void => {
  if (process.connected) process.send?.(message);
};

let engine: LlamaEngine | undefined;
const aborts = new Map<string, AbortController>();

process.on('message', (raw) => {
  const { data: message, error } = ToWorkerSchema.safeParse(raw);
  if (message === undefined) {
    // Others are being answered here: one order that is not understood must not be the end of theirs.
    const refusal = refuseMessage(raw, error);
    if (refusal !== undefined) send(refusal);
    return;
  }
  switch (message.type) {
    case 'load':
      void load(message);
      return;
    case 'chat':
    case 'complete':
    case 'embed':
    case 'count':
      void answer(message);
      return;
    case 'ping':
      send(pong(message.count));
      return;
    case 'abort':
      aborts.get(message.id)?.abort();
      return;
  }
});
// The gateway is gone: nobody reads what is generated here.
process.on('disconnect', () => process.exit(0));
// Ctrl+C reaches the whole terminal group; the gateway drains first and then ends this process.
process.on('SIGINT', () => undefined);

async function load(message: Extract<ToWorker, { type: 'load' }>): Promise<void> {
  try {
    engine = await LlamaEngine.load({
      ...message,
      onProgress: progressTeller(send),
      onLog: (level, text) => send({ type: 'log', level, message: text }),
    });
    send({ type: 'ready', ...engine.model });
  } catch (error) {
    send(loadFailed(error));
  }
}

async function answer(ask: EngineAsk): Promise<void> {
  const controller = new AbortController();
  aborts.set(ask.id, controller);
  try {
    if (engine === undefined) throw new Error('The model is not loaded.');
    send(await engine.answer(ask, controller.signal, send));
  } catch (error) {
    send(toFailed(ask.id, error, controller.signal));
  } finally {
    aborts.delete(ask.id);
  }
}
