/** Inodes of the sockets that listen on a port, from `/proc/net/tcp` or `tcp6`. */
export function listeningInodes(table: string, port: number): readonly string[] {
  const LISTEN = '0A';
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local, , state] = fields;
    const inode = fields[9];
    return state === LISTEN && local?.endsWith(suffix) === true && inode !== undefined ? [inode] : [];
  });
}

/** First process in the output of `lsof -Fpc`: `p1234`, then `cname`. */
export function parseLsof(output: string): { readonly pid: number; readonly name: string } | undefined {
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  if (pid === undefined) return undefined;
  return { pid: Number(pid), name: /^c(.+)$/m.exec(output)?.[1] ?? 'a process' };
}

/** Process id that listens on a port, from Windows' `netstat -ano`. State names are translated there, so they are not read. */
export function parseNetstat(output: string, port: number): number | undefined {
  for (const line of output.split(/\r?\n/)) {
    const [protocol, local, remote, , pid] = line.trim().split(/\s+/);
    if (protocol !== 'TCP' || local?.endsWith(`:${port}`) !== true) continue;
    // Only a listener has no other side.
    if (/^(0\.0\.0\.0|\[::\]):0$/.test(remote ?? '') && /^\d+$/.test(pid ?? '')) return Number(pid);
  }
  return undefined;
}
