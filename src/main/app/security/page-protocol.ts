import { readFile } from 'node:fs/promises';
import { type Protocol, protocol } from 'electron';
import { CONTENT_SECURITY_POLICY } from './content-security-policy.ts';
import { APP_HOST, APP_SCHEME } from './origin.ts';
import { resolvePageFile } from './page-files.ts';

/** Must run before `ready`: a scheme gets its privileges once. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Serves the built page from `root`; everything else is 404. */
export function servePage(target: Protocol, root: string): void {
  target.handle(APP_SCHEME, async (request) => {
    const found = new URL(request.url).host === APP_HOST ? resolvePageFile(request.url, root) : undefined;
    if (request.method !== 'GET' || found === undefined) return notFound();
    try {
      return new Response(new Uint8Array(await readFile(found.file)), {
        headers: {
          'Content-Type': found.contentType,
          'Content-Security-Policy': CONTENT_SECURITY_POLICY,
          'X-Content-Type-Options': 'nosniff',
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Referrer-Policy': 'no-referrer',
        },
      });
    } catch {
      return notFound();
    }
  });
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: { 'Content-Type': 'text/plain' } });
}
