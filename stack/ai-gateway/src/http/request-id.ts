import { randomUUID } from 'node:crypto';

const HARMLESS_ID = /^[A-Za-z0-9._-]{8,128}$/;

/** A caller's own id is kept when it is harmless, so that one id runs through the proxy's log and ours. */
export function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && HARMLESS_ID.test(given)
    ? given
    : `req_${randomUUID().replaceAll('-', '')}`;
}
