// A proxy in Node that does nothing but pass on: node:http, and undici's dispatch on kept connections. The floor of any gateway in Node.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const upstream = new Pool(process.env.UPSTREAM ?? '', { connections: 64 });

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part) => {
    body += part;
  });
  request.on('end', () => {
    const { method = 'GET', url = '/' } = request;
    upstream.dispatch(
      {
        path: url,
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === '' ? {} : { body }),
      },
      {
        onRequestStart() {},
        onResponseStart(_controller, status, headers) {
          response.writeHead(status, { 'content-type': headers['content-type'] });
        },
        onResponseData(_controller, part) {
          response.write(part);
        },
        onResponseEnd() {
          response.end();
        },
        onResponseError(_controller, error) {
          response.destroy(error);
        },
      },
    );
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1');
