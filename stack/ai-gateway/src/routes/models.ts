import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../gateway.ts';

export function registerModels(app: FastifyInstance, gateway: Gateway): void {
  app.get('/v1/models', () => {
    const seen = new Set<string>();
    const data = gateway.pool.backends.flatMap((backend) =>
      backend.models.flatMap((id) => {
        // Requests for a model that two backends list go to the first; listing it twice would promise otherwise.
        if (seen.has(id)) return [];
        seen.add(id);
        const known = backend.model?.id === id ? backend.model : undefined;
        return [
          {
            id,
            object: 'model',
            created: 0,
            owned_by: backend.name,
            ...(known?.demo === true ? { demo: true } : {}),
          },
        ];
      }),
    );
    return { object: 'list', data };
  });
}
