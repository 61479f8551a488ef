// Bundles the stack's services: one ES module per process, so that images and packages need no node_modules but native ones.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ROOT } from './setup/paths.mjs';

/** @type {Record<string, Record<string, string>>} service → name in dist/ → source */
const SERVICES = {
  'ai-gateway': { server: 'src/server.ts', 'llama-worker': 'src/backends/llama-cpp/llama-worker.ts' },
  'file-manager': { server: 'src/server.ts' },
};

// CommonJS packages inside an ES module still ask for these.
const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" +
  "import { fileURLToPath as __toPath } from 'node:url'; import { dirname as __dir } from 'node:path';" +
  'const __filename = __toPath(import.meta.url); const __dirname = __dir(__filename);';

export async function buildStack() {
  // Loaded here: scripts that run before the install import this file too.
  const { build } = await import('esbuild');
  for (const [service, entryPoints] of Object.entries(SERVICES)) {
    const folder = `${ROOT}/stack/${service}`;
    rmSync(`${folder}/dist`, { recursive: true, force: true });
    await build({
      absWorkingDir: folder,
      entryPoints,
      outdir: 'dist',
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      // Native: installed beside dist/ by scripts/setup/gateway-native.mjs, and by the image's build.
      external: ['node-llama-cpp'],
      banner: { js: BANNER },
      legalComments: 'none',
      minifySyntax: true,
      logLevel: 'warning',
    });
    // Wherever dist/ is copied to, no package.json above it needs to say that these are ES modules.
    writeFileSync(`${folder}/dist/package.json`, '{ "type": "module" }\n');
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildStack();
