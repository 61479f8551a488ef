import type { App, Session, WebContents } from 'electron';
import type { Logger } from '../../lifetime/logger.ts';
import { isOwnPage } from './origin.ts';

/** Every web contents that ever exists gets these rules, not only the ones that we open. */
export function hardenWebContents(app: App, pageUrl: string, logger: Logger): void {
  app.on('web-contents-created', (_event, contents) => harden(contents, pageUrl, logger));
}

function harden(contents: WebContents, pageUrl: string, logger: Logger): void {
  const refuse = (event: { preventDefault(): void }, url: string) => {
    if (isOwnPage(url, pageUrl)) return;
    event.preventDefault();
    logger.warn({ url: url.slice(0, 200) }, 'navigation refused');
  };
  contents.on('will-navigate', (event) => refuse(event, event.url));
  contents.on('will-frame-navigate', (event) => refuse(event, event.url));
  contents.on('will-redirect', (event) => refuse(event, event.url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    logger.warn({ url: url.slice(0, 200) }, 'new window refused');
    return { action: 'deny' };
  });
}

/** The page may write to the clipboard for its copy buttons; every other permission and device is denied. */
export function denyPermissions(session: Session, pageUrl: string): void {
  const allowed = (permission: string, url: string) =>
    permission === 'clipboard-sanitized-write' && isOwnPage(url, pageUrl);
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(allowed(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => allowed(permission, `${origin}/`));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}
