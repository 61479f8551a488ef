import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import manifest from './package.json' with { type: 'json' };

const root = import.meta.dirname;

// What stays a package at run time: native code, and dockerode with its tree of CommonJS. Everything else is bundled,
// so that starting reads a few files instead of thousands.
const external = ['electron', ...Object.keys(manifest.dependencies)].flatMap((name) => [
  name,
  new RegExp(`^${name}/`),
]);

const minify = process.env.NODE_ENV !== 'development';

export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      minify,
      outDir: resolve(root, 'out/main'),
      rollupOptions: {
        input: { main: resolve(root, 'src/main/main.ts') },
        external,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      minify,
      outDir: resolve(root, 'out/preload'),
      rollupOptions: {
        input: { preload: resolve(root, 'src/preload/preload.ts') },
        external: ['electron'],
        // A sandboxed preload script must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src/renderer'),
    // Served under app:// by main; relative paths also hold in the development server.
    base: './',
    plugins: [react()],
    worker: { format: 'es' },
    build: {
      minify,
      outDir: resolve(root, 'out/renderer'),
      // The content security policy allows no data: URL but for images.
      assetsInlineLimit: 0,
      // Monaco is loaded on the first visit of an editor; its size is no reason for a warning.
      chunkSizeWarningLimit: 8_000,
      rollupOptions: { input: { index: resolve(root, 'src/renderer/index.html') } },
    },
  },
});
