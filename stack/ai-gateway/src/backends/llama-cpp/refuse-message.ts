import { z } from 'zod';
import type { FromWorker } from './worker-protocol.ts';

const MeantSchema = z.object({ type: z.unknown(), id: z.string().optional() });

/** What to answer to an order that is not understood: whoever waits for it hears why. Nobody waits for one without an id. */
export function refuseMessage(raw: unknown, { issues }: z.ZodError): FromWorker | undefined {
  const meant = MeantSchema.safeParse(raw).data;
  const [issue] = issues;
  const message = `The model's process does not understand "${issue?.path.join('.')}": ${issue?.message}.`;
  if (meant?.type === 'load') return { type: 'load-failed', message };
  // A body that is wrong in a way which nothing noticed before; asking once more would not help.
  return meant?.id === undefined ? undefined : { type: 'failed', id: meant.id, code: 'unsupported', message };
}
