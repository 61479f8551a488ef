import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort, type Running, startProgram } from './processes.ts';

const run = promisify(execFile);
const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'skilldeck');
const PORTKEY = path.join(CACHE, 'peers', 'node_modules', '@portkey-ai', 'gateway');

interface Peer extends Running {
  readonly version: string;
}

/** nginx as a plain proxy with kept connections, in the foreground. */
export async function startNginx(upstream: string): Promise<Peer> {
  const { stderr } = await run('nginx', ['-v']).catch(() => {
    throw new Error('nginx is missing: apt-get install nginx-light');
  });
  const directory = await mkdtemp(path.join(tmpdir(), 'skilldeck-bench-nginx-'));
  const port = await freePort();
  const file = path.join(directory, 'nginx.conf');
  await writeFile(file, nginxConfig(directory, port, new URL(upstream).host));
  const url = `http://127.0.0.1:${port}`;
  const args = ['-e', path.join(directory, 'error.log'), '-p', directory, '-c', file];
  const running = await startProgram('nginx', args, url, '/stats');
  return {
    ...running,
    version: stderr.trim().replace('nginx version: ', ''),
    close: async () => {
      await running.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Portkey's open gateway, the nearest peer in Node; see `npm run bench`, which fetches it. */
export async function startPortkey(
  upstream: string,
): Promise<Peer & { readonly headers: Record<string, string> }> {
  const program = path.join(PORTKEY, 'build', 'start-server.js');
  if (!existsSync(program)) throw new Error('@portkey-ai/gateway is missing: npm run bench fetches it.');
  const manifest = JSON.parse(await readFile(path.join(PORTKEY, 'package.json'), 'utf8')) as {
    version: string;
  };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [program, '--headless', `--port=${port}`];
  const running = await startProgram(process.execPath, args, url, '/', { NODE_ENV: 'production' });
  return {
    ...running,
    version: `@portkey-ai/gateway ${manifest.version}`,
    headers: {
      authorization: 'Bearer none',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstream}/v1`,
    },
  };
}

function nginxConfig(directory: string, port: number, upstream: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${directory}/${name};`)
    .join('\n');
  return `daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 4096; }
http {
${temporary}
  access_log off;
  upstream bench { server ${upstream}; keepalive 256; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://bench;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}
