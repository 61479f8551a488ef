import { createServer } from 'node:http';

/**
 * Stands where the gateway stands, to look at what is around it: says what it was asked, streams on a clock,
 * and counts the clients that left. For tests only.
 */
const GAP_MS = 200;
const CHUNKS = 5;
let left = 0;

if (process.argv.includes('--check')) process.exit(0);

createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://gateway');
  if (url.pathname === '/healthz') return response.end('{"status":"ok"}');
  if (url.pathname === '/v1/left') return response.end(String(left));
  if (url.pathname === '/v1/limits') {
    response.writeHead(429, { 'retry-after': '7', 'content-type': 'application/json' });
    return response.end('{"error":{"message":"full"}}');
  }
  if (url.pathname !== '/v1/stream')
    return response.end(JSON.stringify({ path: url.pathname, headers: request.headers }));
  response.on('close', () => {
    if (!response.writableFinished) left += 1;
  });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const timer = setInterval(() => {
    if (response.destroyed) return clearInterval(timer);
    response.write(`data: ${sent}\n\n`);
    sent += 1;
    if (sent < CHUNKS) return;
    clearInterval(timer);
    response.end('data: [DONE]\n\n');
  }, GAP_MS);
}).listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? '127.0.0.1');

process.once('SIGTERM', () => process.exit(0));
