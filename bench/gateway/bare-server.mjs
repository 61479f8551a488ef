// A bare node:http server that sends the body it is given. The ceiling of what any gateway in Node can answer.
import { createServer } from 'node:http';

const body = Buffer.from(process.env.BODY ?? '{}');
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length };

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, headers);
    response.end(body);
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1');
