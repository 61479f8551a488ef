import path from 'node:path';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

export interface PageFile {
  readonly file: string;
  readonly contentType: string;
}

/**
 * Maps an `app://` address to a file of the built page, or to nothing.
 *
 * Only known types below `root` are served; an encoded `..`, a backslash or a NUL leads nowhere.
 */
export function resolvePageFile(url: string, root: string): PageFile | undefined {
  let pathname: string;
  try {
    pathname = decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
  if (pathname.includes('\0') || pathname.includes('\\')) return undefined;
  const file = path.resolve(root, `.${pathname === '/' ? '/index.html' : pathname}`);
  if (!file.startsWith(path.resolve(root) + path.sep)) return undefined;
  const contentType = CONTENT_TYPES[path.extname(file)];
  return contentType === undefined ? undefined : { file, contentType };
}
