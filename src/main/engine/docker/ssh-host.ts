/** An engine behind SSH, as in `ssh://user@host:22/run/docker.sock`. */
export interface SshAddress {
  readonly kind: 'ssh';
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** Socket of the engine over there; absent: that of its Docker CLI. */
  readonly path?: string;
}

/** A shell over there reads it. */
const SAFE_PATH = /^\/[\w./@+-]+$/;
const SAFE_NAME = /^[\w.%@+:[\]-]+$/;

/**
 * Undefined for what is no such address, and for what `ssh` or a shell would take for something else: names that
 * begin with a dash are options.
 */
export function parseSshHost(address: string): SshAddress | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const user = decode(url.username);
  if (url.protocol !== 'ssh:' || url.password !== '' || url.search !== '' || url.hash !== '')
    return undefined;
  if (!isName(host) || user === undefined || (user !== '' && !isName(user))) return undefined;
  const path = url.pathname.replace(/\/+$/, '');
  if (path !== '' && !SAFE_PATH.test(path)) return undefined;
  return {
    kind: 'ssh',
    host,
    ...(user === '' ? {} : { user }),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(path === '' ? {} : { path }),
  };
}

/** As the Docker CLI: what it asks of host keys and passwords stays the matter of the person's own `ssh` settings. */
export function sshArguments({ host, user, port, path }: SshAddress): readonly string[] {
  return [
    '-o',
    'ConnectTimeout=30',
    '-T',
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
    'docker',
    ...(path === undefined ? [] : [`--host=unix://${path}`]),
    'system',
    'dial-stdio',
  ];
}

function isName(name: string): boolean {
  return SAFE_NAME.test(name) && !name.startsWith('-') && name.length <= 255;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
