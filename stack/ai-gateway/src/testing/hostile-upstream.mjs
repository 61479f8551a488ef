// An upstream that misbehaves on purpose, as a process of its own: raw sockets, so that nothing keeps it to HTTP. The
// model's name says how. GET /v1/models is always well.
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';

const chunk = (content, finish = null) =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
const WHOLE = JSON.stringify({
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'well' }, finish_reason: 'stop' }],
});
const head = (type, extra = '') => `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n${extra}`;
const json = (body, extra = '') =>
  `${head('application/json', `content-length: ${Buffer.byteLength(body)}\r\n${extra}`)}\r\n${body}`;
// Without a length and without chunks: the body ends when the connection does.
const SSE = `${head('text/event-stream', 'connection: close\r\n')}\r\n`;
const counts = { open: 0, requests: {} };

function forever(socket, text) {
  const go = () => {
    while (!socket.destroyed && socket.write(text));
    if (!socket.destroyed) socket.once('drain', go);
  };
  go();
}

function every(socket, ms, text) {
  const timer = setInterval(() => socket.write(text), ms);
  socket.once('close', () => clearInterval(timer));
}

const BEHAVIOURS = {
  well: (socket) => socket.write(json(WHOLE)),
  'well-stream': (socket) => socket.end(`${SSE}${chunk('well')}${chunk('', 'stop')}data: [DONE]\n\n`),
  'endless-body': (socket) => {
    socket.write(`${head('application/json', 'connection: close\r\n')}\r\n{"a":"`);
    forever(socket, 'x'.repeat(65_536));
  },
  'endless-line': (socket) => {
    socket.write(`${SSE}${chunk('one')}data: `);
    forever(socket, 'x'.repeat(65_536));
  },
  'endless-events': (socket) => {
    socket.write(SSE);
    forever(socket, chunk('more').repeat(100));
  },
  'malformed-first': (socket) => socket.end(`${SSE}data: {"choices":[{\n\n`),
  'malformed-later': (socket) => socket.end(`${SSE}${chunk('one')}data: {"choices":[{\n\ndata: [DONE]\n\n`),
  'not-utf8': (socket) => {
    socket.write(SSE);
    const [before, after] = chunk('a§b').split('§');
    socket.write(Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from(after)]));
    socket.end(`${chunk('', 'stop')}data: [DONE]\n\n`);
  },
  html: (socket) => socket.write(`${head('text/html', 'content-length: 14\r\n')}\r\n<html>Hi</html>`),
  'endless-headers': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    forever(socket, `x-more: ${'x'.repeat(1000)}\r\n`);
  },
  'slow-headers': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    every(socket, 50, 'x-more: x\r\n');
  },
  bomb: (socket) => {
    const body = gzipSync(Buffer.alloc(50_000_000, 0x20));
    socket.write(
      head('application/json', `content-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`),
    );
    socket.write(body);
  },
  'cut-at-once': (socket) => socket.end(SSE),
  'cut-later': (socket) => {
    socket.write(`${SSE}${chunk('one')}`);
    setTimeout(() => socket.end(), 30);
  },
  'reset-later': (socket) => {
    socket.write(`${SSE}${chunk('one')}`);
    setTimeout(() => socket.resetAndDestroy(), 30);
  },
  drip: (socket) => {
    socket.write(SSE);
    every(socket, 50, ':');
  },
  'error-first': (socket) =>
    socket.end(`${SSE}data: {"error":{"message":"out of memory","code":503}}\n\ndata: [DONE]\n\n`),
  garbage: (socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'),
  'strange-headers': (socket) =>
    socket.write(json(WHOLE, '__proto__: 1\r\nconstructor: 2\r\n__proto__: 3\r\n')),
  'two-lengths': (socket) =>
    socket.write(
      `${head('application/json', `content-length: 5\r\ncontent-length: ${WHOLE.length}\r\n`)}\r\n${WHOLE}`,
    ),
  redirect: (socket) =>
    socket.write(
      `HTTP/1.1 302 Found\r\nlocation: http://${socket.localAddress}:${socket.localPort}/v1/well\r\ncontent-length: 0\r\n\r\n`,
    ),
  // A second answer that nobody has asked for must not become the next caller's.
  'two-answers': (socket) => socket.write(json(WHOLE) + json(WHOLE.replace('well', 'EVIL'))),
  words: (socket) => {
    socket.write(SSE);
    every(socket, 20, chunk('word '));
  },
  stall: () => undefined,
};

const server = createServer((socket) => {
  let received = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    received = Buffer.concat([received, data]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const text = received.subarray(0, end).toString('latin1');
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    const body = received.subarray(end + 4, end + 4 + length).toString('utf8');
    received = received.subarray(end + 4 + length);
    if (text.startsWith('GET /counts')) return socket.write(json(JSON.stringify(counts)));
    if (text.startsWith('GET ')) return socket.write(json('{"object":"list","data":[{"id":"well"}]}'));
    const { model } = JSON.parse(body);
    counts.requests[model] = (counts.requests[model] ?? 0) + 1;
    counts.open += 1;
    socket.once('close', () => {
      counts.open -= 1;
    });
    BEHAVIOURS[model]?.(socket);
  });
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}\n`),
);
