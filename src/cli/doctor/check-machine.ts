import { statfs } from 'node:fs/promises';
import { formatBytes } from '../format/format-quantity.ts';
import type { Check } from './check.ts';

const LOW_BYTES = 2e9;
const ENGINE_FOLDER = '/var/lib/docker';
const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'] as const;

/** Where the project is, and where an engine of this machine keeps its images. */
export async function checkDisk(directory: string): Promise<readonly Check[]> {
  const checks = await Promise.all(
    [
      ['disk of the project', directory],
      ['disk of the engine', ENGINE_FOLDER],
    ].map(async ([name = '', path = '']): Promise<Check | undefined> => {
      // Absent, or another machine's: nothing to say.
      const stats = await statfs(path).catch(() => undefined);
      if (stats === undefined) return undefined;
      const free = stats.bavail * stats.bsize;
      const detail = `${formatBytes(free)} free (${path})`;
      if (free >= LOW_BYTES) return { name, status: 'ok', detail };
      return {
        name,
        status: 'warn',
        detail,
        hint: 'Free some space: docker system df shows what images take.',
      };
    }),
  );
  return checks.filter((check) => check !== undefined);
}

/** Proxies of the shell are not those of the engine, which pulls. Passwords in them are not shown. */
export function checkProxy(env: Readonly<Record<string, string | undefined>>): readonly Check[] {
  const set = PROXY_VARIABLES.flatMap((name) => {
    const value = env[name] || env[name.toLowerCase()];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  if (set.length === 0) return [];
  const detail = set.map(([name, value]) => `${name}=${value.replace(/\/\/[^@/]*@/g, '//***@')}`).join(', ');
  const noProxy = set.find(([name]) => name === 'NO_PROXY')?.[1] ?? '';
  if (set.length > 0 && !/(^|,)\s*(localhost|127\.0\.0\.1|\*)/.test(noProxy))
    return [
      {
        name: 'proxy',
        status: 'warn',
        detail,
        hint: 'NO_PROXY does not name localhost: programs may look for local services behind the proxy.',
      },
    ];
  return [{ name: 'proxy', status: 'ok', detail }];
}
