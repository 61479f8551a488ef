import react from '@vitejs/plugin-react';
import { createServer } from 'vite';

/** `node src/renderer/testing/serve-harness.ts [port]`, then open /testing/harness.html in a browser. */
const port = Number(process.argv[2] ?? 5199);
const server = await createServer({
  configFile: false,
  root: new URL('..', import.meta.url).pathname,
  plugins: [react()],
  cacheDir: new URL('../../../.cache/harness', import.meta.url).pathname,
  server: { host: '127.0.0.1', port, strictPort: true },
});
await server.listen();
server.printUrls();
