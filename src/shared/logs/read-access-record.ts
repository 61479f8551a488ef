/** A request as an access log tells it, in the form of a service's own record. */
export type AccessRecord = Readonly<Record<string, unknown>> & {
  readonly level: number;
  readonly msg: string;
};

/**
 * Recognises one line of the proxy's access log: an object with method, path and status.
 *
 * Its message is `GET /v1/models 200`, its time in milliseconds; what is empty or said by the message is left out.
 */
export function readAccessRecord(record: Readonly<Record<string, unknown>>): AccessRecord | undefined {
  const { method, path, status } = record;
  if (typeof method !== 'string' || typeof path !== 'string' || typeof status !== 'number') return undefined;
  if ('msg' in record) return undefined;
  const { time, requestId, client, seconds, bytes, protocol, tls } = record;
  const facts = {
    ms: typeof seconds === 'number' ? Math.round(seconds * 1000) : undefined,
    bytes,
    requestId,
    client,
    protocol,
    tls,
  };
  const told = Object.entries(facts).filter(([, value]) => value !== undefined && value !== '');
  return {
    ...Object.fromEntries(told),
    time,
    level: levelOf(status),
    msg: `${method} ${path} ${status}`,
  };
}

function levelOf(status: number): number {
  if (status >= 500) return 50;
  return status >= 400 ? 40 : 30;
}
