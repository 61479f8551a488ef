import { randomUUID } from 'node:crypto';
import {
  type BrowserWindow,
  type IpcMainEvent,
  ipcMain,
  MessageChannelMain,
  type MessagePortMain,
} from 'electron';
import type { Logger } from '../../lifetime/logger.ts';
import { isOwnPage } from '../security/origin.ts';

export interface RpcConnection {
  readonly connectionId: string;
  readonly port: MessagePortMain;
  /** Aborts when the page reloads, crashes or closes. */
  readonly signal: AbortSignal;
}

/**
 * Gives our page, and nothing else, one end of a message channel each time it loads.
 *
 * The sender must be the main frame of this window and show our own page; anything else is logged and gets no answer
 * (a frame could not use one: the preload does not run there).
 */
export function handOverPorts(options: {
  readonly window: BrowserWindow;
  readonly pageUrl: string;
  readonly logger: Logger;
  /** Starts the port when it can be served; what the page says before waits in it. */
  readonly onConnect: (connection: RpcConnection) => void;
}): () => void {
  const { window, pageUrl, logger, onConnect } = options;
  const contents = window.webContents;
  let current: AbortController | undefined;
  const endCurrent = () => current?.abort();

  const handleConnect = (event: IpcMainEvent) => {
    const frame = event.senderFrame;
    if (event.sender !== contents) return;
    if (frame === null || frame !== contents.mainFrame || !isOwnPage(frame.url, pageUrl)) {
      logger.warn({ url: frame?.url.slice(0, 200) }, 'a port was asked for by a stranger');
      return;
    }
    endCurrent();
    const { port1, port2 } = new MessageChannelMain();
    const controller = new AbortController();
    current = controller;
    port1.on('close', () => controller.abort());
    controller.signal.addEventListener('abort', () => port1.close(), { once: true });
    onConnect({ connectionId: randomUUID(), port: port1, signal: controller.signal });
    frame.postMessage('skilldeck:port', null, [port2]);
  };

  ipcMain.on('skilldeck:connect', handleConnect);
  contents.on('render-process-gone', endCurrent);
  contents.on('destroyed', endCurrent);
  return () => {
    ipcMain.off('skilldeck:connect', handleConnect);
    endCurrent();
  };
}
