// A small OpenAI-compatible upstream whose answers depend on what it was sent. Node built-ins only, so that it also runs
// inside a bare Node container.
//
// The model name, or a marker "x-fake:NAME" in the last user message, chooses how it misbehaves:
// slow (waits before every word), stall (never answers), refuse (closes the connection), cut (closes it mid-stream),
// error500, not-json.
import { createServer } from 'node:http';

const HOST = process.env.HOST ?? '127.0.0.1';
const PORT = Number(process.env.PORT ?? 0);
const SLOW_MS = Number(process.env.SLOW_MS ?? 100);
const MODELS = ['fake', 'slow', 'stall', 'refuse', 'cut', 'error500', 'not-json'];
const counts = { requests: 0, open: 0, aborted: 0 };

const textOf = (content) =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('\n');

function answerFor(messages) {
  const system = messages
    .filter(({ role }) => role === 'system')
    .map(({ content }) => textOf(content))
    .join('\n');
  const user = textOf(messages.findLast(({ role }) => role === 'user')?.content);
  const skill = [...system.matchAll(/<skill_content[^>]*>([\s\S]*?)<\/skill_content>/g)]
    .map((match) => match[1])
    .join('\n');
  return `SYSTEM<<${skill.trim().slice(-400)}>> USER<<${user}>>`;
}

function behaviourOf({ model, messages }) {
  const user = textOf(messages.findLast(({ role }) => role === 'user')?.content);
  const marker = /x-fake:([a-z0-9-]+)/.exec(user)?.[1] ?? model;
  return MODELS.includes(marker) ? marker : 'fake';
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function complete(body, response) {
  const behaviour = behaviourOf(body);
  if (behaviour === 'refuse') return response.socket.destroy();
  if (behaviour === 'stall') return;
  if (behaviour === 'error500') {
    response.writeHead(500, { 'content-type': 'application/json' });
    return response.end(
      JSON.stringify({ error: { message: 'The fake upstream fails on request.', type: 'server_error' } }),
    );
  }
  if (behaviour === 'not-json') {
    response.writeHead(200, { 'content-type': 'text/html' });
    return response.end('<html><body>Welcome</body></html>');
  }
  const text = answerFor(body.messages);
  const words = text.match(/\S+\s*/g) ?? [];
  const usage = { prompt_tokens: JSON.stringify(body.messages).length >> 2, completion_tokens: words.length };
  usage.total_tokens = usage.prompt_tokens + usage.completion_tokens;
  const head = {
    id: `chatcmpl-${counts.requests}`,
    created: Math.floor(Date.now() / 1000),
    model: body.model,
  };
  if (body.stream !== true) {
    if (behaviour === 'slow') await pause(SLOW_MS * words.length);
    if (behaviour === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"id":');
      return setTimeout(() => response.socket.destroy(), 20);
    }
    const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(
      JSON.stringify({ ...head, object: 'chat.completion', choices, usage, received: body }),
    );
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (choices, extra = {}) =>
    response.write(
      `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...extra })}\n\n`,
    );
  for (const [index, word] of words.entries()) {
    if (response.destroyed) return;
    if (behaviour === 'slow') await pause(SLOW_MS);
    if (behaviour === 'cut' && index === 2) return setTimeout(() => response.socket.destroy(), 20);
    const delta = index === 0 ? { role: 'assistant', content: word } : { content: word };
    send([{ index: 0, delta, finish_reason: null }]);
  }
  send([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  if (body.stream_options?.include_usage === true) send([], { usage });
  response.end('data: [DONE]\n\n');
}

const server = createServer((request, response) => {
  const json = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (request.method === 'GET' && request.url === '/v1/models') {
    return json(200, {
      object: 'list',
      data: MODELS.map((id) => ({ id, object: 'model', created: 0, owned_by: 'fake' })),
    });
  }
  if (request.method === 'GET' && request.url === '/counts') return json(200, counts);
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    return json(404, { error: { message: `no ${request.method} ${request.url}` } });
  }
  counts.requests += 1;
  counts.open += 1;
  response.once('close', () => {
    counts.open -= 1;
    if (!response.writableFinished) counts.aborted += 1;
  });
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    try {
      const body = JSON.parse(Buffer.concat(parts).toString('utf8'));
      complete(body, response).catch((error) => response.destroy(error));
    } catch (error) {
      json(400, { error: { message: String(error) } });
    }
  });
});

server.listen(PORT, HOST, () => console.log(`listening on http://${HOST}:${server.address().port}`));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
