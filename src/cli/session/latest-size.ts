import type { TerminalSize } from '../../main/engine/stack-engine.ts';

/**
 * Tells a terminal its size, one call after the other, so that what arrives last is the latest; sizes that are out of
 * date before their turn are left out. A call that fails is forgotten: the command may have ended meanwhile.
 */
export function latestSize(send: (size: TerminalSize) => Promise<void>): (size: TerminalSize) => void {
  let next: TerminalSize | undefined;
  let isSending = false;
  const sendAll = async () => {
    isSending = true;
    while (next !== undefined) {
      const size = next;
      next = undefined;
      await send(size).catch(() => {});
    }
    isSending = false;
  };
  return (size) => {
    next = size;
    if (!isSending) void sendAll();
  };
}
