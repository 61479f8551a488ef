// Bundles the command line into out/cli/skilldeck.mjs; what only some commands need stays in chunks of its own.
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inRepository, ROOT } from './setup/paths.mjs';

const FOLDER = inRepository('out', 'cli');
const STAMP_NAME = 'inputs.json';
export const CLI_FILE = inRepository('out', 'cli', 'skilldeck.mjs');

// CommonJS packages inside an ES module still ask for these.
const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** zod brings its messages in sixty languages, a third of all that would be loaded at every start. */
const ONE_LANGUAGE = {
  name: 'one-language',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/**
 * What dockerode loads for ways of working that are not ours: connections over SSH are made by an agent of our own
 * (docker-api.ts), build sessions without a library (docs/adr/0009). Half of the start of every command that asks the engine.
 */
const WITHOUT_UNUSED = {
  name: 'without-unused',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    const unused = /^(@grpc\/grpc-js|@grpc\/proto-loader|protobufjs|ssh2)$/;
    build.onResolve({ filter: unused }, ({ importer, path }) =>
      /[\\/]node_modules[\\/](dockerode|docker-modem)[\\/]/.test(importer)
        ? { path, namespace: 'unused' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** @param {string} [folder] another place than that of everyday use */
export async function buildCli(folder = FOLDER) {
  // Loaded here: a start that finds everything built needs no bundler.
  const { build } = await import('esbuild');
  const { dependencies } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8'));
  // Beside and then renamed: two that start at once do not see half of it.
  const draft = `${folder}-${process.pid}`;
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { skilldeck: 'src/cli/main.ts' },
    outdir: draft,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Native code. dockerode, which the app loads from its folder, is bundled here: hundreds of files at every start.
    external: Object.keys(dependencies).filter((name) => name !== 'dockerode'),
    banner: { js: BANNER },
    legalComments: 'none',
    plugins: [ONE_LANGUAGE, WITHOUT_UNUSED],
    minify: true,
    metafile: true,
    logLevel: 'warning',
  });
  const inputs = [...Object.keys(metafile.inputs), 'scripts/build-cli.mjs', 'package-lock.json'].sort();
  writeFileSync(`${draft}/${STAMP_NAME}`, JSON.stringify(inputs.map((path) => [path, stateOf(path)])));
  try {
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Somebody else has just put theirs there.
    if (!isCliUpToDate()) throw error;
  }
}

/** A few hundred looks at the disk, some milliseconds: cheap enough for every start. */
export function isCliUpToDate() {
  try {
    statSync(CLI_FILE);
    /** @type {[string, string][]} */
    const inputs = JSON.parse(readFileSync(`${FOLDER}/${STAMP_NAME}`, 'utf8'));
    return inputs.every(([path, state]) => stateOf(path) === state);
  } catch {
    // Never built, or built and then broken.
    return false;
  }
}

/** @param {string} path relative to the repository */
function stateOf(path) {
  const stats = statSync(inRepository(path), { throwIfNoEntry: false });
  return stats === undefined ? 'absent' : `${stats.size}:${stats.mtimeMs}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildCli();
