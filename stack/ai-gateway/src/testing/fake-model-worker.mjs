/*
 * Speaks as llama-worker.ts does, without a model. The name of the file that it is told to load says how it behaves:
 * slow-MS, late (takes its time to end), crash, refuse, large (wants more memory), mute (loads, and answers pings but no
 * request), halting (says the first word and no more until it is told to stop) or any other (answers with its process id).
 */
let behaviour = '';

const send = (message) => {
  if (process.connected) process.send(message);
};
const ready = () => send({ type: 'ready', name: 'fake', contextSize: 512, demo: false });

process.on('disconnect', () => setTimeout(() => process.exit(0), behaviour === 'late' ? 100 : 0));
process.on('message', (message) => {
  switch (message.type) {
    case 'load':
      behaviour = message.modelPath.replace(/^.*\//, '').replace(/\.gguf$/, '');
      if (behaviour === 'crash') process.exit(3);
      else if (behaviour === 'refuse') send({ type: 'load-failed', message: 'no such architecture' });
      else if (behaviour === 'large') send({ type: 'load-failed', message: 'too large', wantsMemory: true });
      else if (behaviour.startsWith('slow-')) {
        send({ type: 'load-progress', progress: 0.5 });
        setTimeout(ready, Number(behaviour.slice(5)));
      } else ready();
      return;
    case 'ping':
      send({ type: 'pong', count: message.count, cpuMs: 0 });
      return;
    case 'chat':
      if (behaviour === 'mute') return;
      send({ type: 'delta', id: message.id, text: String(process.pid), reasoning: false });
      if (behaviour === 'halting') return;
      send({
        type: 'done',
        id: message.id,
        finishReason: 'stop',
        promptTokens: 1,
        cachedTokens: 0,
        completionTokens: 1,
        reasoningTokens: 0,
      });
      return;
    case 'abort':
      if (behaviour === 'halting')
        send({ type: 'failed', id: message.id, code: 'aborted', message: 'aborted' });
  }
});
