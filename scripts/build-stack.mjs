// Bundles the stack's services: one ES module each, so that images and packages need no node_modules but native ones.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const BUNDLES = [
  { entry: 'stack/ai-gateway/src/server.ts', out: 'stack/ai-gateway/dist/server.js' },
  {
    entry: 'stack/ai-gateway/src/backends/llama-cpp/llama-worker.ts',
    out: 'stack/ai-gateway/dist/llama-worker.js',
  },
  { entry: 'stack/file-manager/src/server.ts', out: 'stack/file-manager/dist/server.js' },
];

// CommonJS dependencies inside an ES module still call require for Node's own modules.
const banner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" +
  "import { fileURLToPath as __toPath } from 'node:url'; import { dirname as __dir } from 'node:path';" +
  'const __filename = __toPath(import.meta.url); const __dirname = __dir(__filename);';

for (const { entry, out } of BUNDLES) {
  if (!existsSync(path.join(ROOT, entry))) {
    console.log(`skipped ${out}: there is no ${entry}`);
    continue;
  }
  const startedAt = performance.now();
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: out,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['node-llama-cpp'],
    banner: { js: banner },
    legalComments: 'none',
    minifySyntax: true,
    metafile: true,
    logLevel: 'warning',
  });
  const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  console.log(
    `built ${out}: ${Math.round(bytes / 1024)} KiB in ${Math.round(performance.now() - startedAt)} ms`,
  );
}
