/** The two kinds of paths: a project on a Windows disk has Windows paths, wherever this code runs. */
export function isWindowsPath(path: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
}

export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || isWindowsPath(path);
}

/** Resolves against an absolute folder and takes `.` and `..` out. */
export function resolveHostPath(base: string, path: string, home?: string): string {
  const expanded = /^~(?=$|[\\/])/.test(path) && home !== undefined ? home + path.slice(1) : path;
  const whole = isAbsolutePath(expanded) ? expanded : `${base}/${expanded}`;
  return normalised(whole, isWindowsPath(base) || isWindowsPath(whole));
}

export function hostBaseName(path: string): string {
  return (
    path
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .at(-1) ?? ''
  );
}

function normalised(path: string, windows: boolean): string {
  const parts: string[] = [];
  const root = windows ? (/^(?:[A-Za-z]:[\\/]|[\\/]{2}[^\\/]+[\\/]+[^\\/]+)/.exec(path)?.[0] ?? '') : '/';
  for (const part of path.slice(root.length).split(windows ? /[\\/]/ : '/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  if (!windows) return `/${parts.join('/')}`;
  return `${root.replaceAll('/', '\\').replace(/\\$/, '')}\\${parts.join('\\')}`;
}
