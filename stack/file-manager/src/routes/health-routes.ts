import type { FastifyInstance } from 'fastify';
import type { FileStore } from '../store/file-store.ts';

export function registerHealthRoutes(app: FastifyInstance, store: FileStore): void {
  app.get('/healthz', async () => {
    // Fails with a sentence when the data folder has gone: the probe's output is what a person sees first.
    await store.check();
    return { status: 'ok' };
  });
}
