// An OpenAI-compatible upstream that costs as little as Node can: fixed bytes after a fixed time. For benchmarks.
//
// DELAY_MS: until the first byte, give or take SPREAD_MS; CHUNKS, CHUNK_MS: of a streamed answer. GET /stats tells what is open and when each
// call ended, by x-request-id, as milliseconds since the epoch.
import { createServer } from 'node:http';

const DELAY_MS = Number(process.env.DELAY_MS ?? 0);
const SPREAD_MS = Number(process.env.SPREAD_MS ?? 0);
const CHUNKS = Number(process.env.CHUNKS ?? 20);
const CHUNK_MS = Number(process.env.CHUNK_MS ?? 0);
const head = { id: 'chatcmpl-bench', created: 1, model: 'bench' };
const usage = { prompt_tokens: 20, completion_tokens: CHUNKS, total_tokens: 20 + CHUNKS };
const text = 'All work and no play makes Jack a dull boy. '.repeat(8);
const WHOLE = Buffer.from(
  JSON.stringify({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage,
  }),
);
const chunk = (delta, finishReason = null) =>
  `data: ${JSON.stringify({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  })}\n\n`;
const FIRST = chunk({ role: 'assistant', content: 'All ' });
const NEXT = chunk({ content: 'work and ' });
const LAST = `${chunk({}, 'stop')}data: [DONE]\n\n`;

/** Even between -1 and 1, and the same for every way there: chance would move a median by more than what is measured. */
const spread = (number) => 2 * ((number * 0.618_033_988_75) % 1) - 1;
const now = () => performance.timeOrigin + performance.now();
const stats = { requests: 0, open: 0, ended: {} };

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/stats') return response.end(JSON.stringify(stats));
    return response.end(JSON.stringify({ object: 'list', data: [{ id: 'bench', object: 'model' }] }));
  }
  const id = String(request.headers['x-request-id'] ?? '');
  stats.requests += 1;
  stats.open += 1;
  const parts = [];
  let timer;
  response.once('close', () => {
    clearTimeout(timer);
    stats.open -= 1;
    if (id !== '') stats.ended[id] = { at: now(), complete: response.writableFinished };
  });
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const isStream = Buffer.concat(parts).includes('"stream":true');
    const answer = () => (isStream ? stream(response, (next) => (timer = next)) : whole(response));
    if (DELAY_MS === 0) answer();
    else timer = setTimeout(answer, DELAY_MS + SPREAD_MS * spread(stats.requests));
  });
});

function whole(response) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': WHOLE.length });
  response.end(WHOLE);
}

function stream(response, setTimer) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(FIRST);
  if (CHUNK_MS === 0) {
    response.end(NEXT.repeat(CHUNKS - 1) + LAST);
    return;
  }
  let sent = 1;
  const next = () => {
    sent += 1;
    if (sent > CHUNKS) return response.end(LAST);
    response.write(NEXT);
    setTimer(setTimeout(next, CHUNK_MS));
  };
  setTimer(setTimeout(next, CHUNK_MS));
}

server.keepAliveTimeout = 120_000;
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
process.on('disconnect', () => process.exit(0));
