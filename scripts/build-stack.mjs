import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { inRepository } from './setup/paths.mjs';
import { filesBelow } from './setup/stamp.mjs';

const SERVICES = ['ai-gateway', 'file-manager'];

/** What runs as a process of its own beside the server: `llama-worker.ts` becomes `dist/llama-worker.js`. */
const PROCESS_ENTRY = /-(?:worker|process|child)\.ts$/;

// Bundled CommonJS packages call require() for Node's own modules, which an ES module does not have.
const REQUIRE_BANNER =
  "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);";

/** Bundles each service of the stack, so that its image and its local process need no install but native code. */
export async function buildStack() {
  const { build } = await import('esbuild');
  for (const service of SERVICES) {
    const source = inRepository('stack', service, 'src');
    const outdir = inRepository('stack', service, 'dist');
    rmSync(outdir, { recursive: true, force: true });
    const entries = [
      `${source}/server.ts`,
      ...filesBelow([source]).filter((file) => PROCESS_ENTRY.test(file)),
    ];
    await build({
      entryPoints: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])),
      outdir,
      bundle: true,
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      platform: 'node',
      format: 'esm',
      target: 'node20.18',
      // Native: installed beside dist/ by scripts/setup/gateway-native.mjs and by the image's build.
      external: ['node-llama-cpp'],
      banner: { js: REQUIRE_BANNER },
      logLevel: 'warning',
    });
  }
}
