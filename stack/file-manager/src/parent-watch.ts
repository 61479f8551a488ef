const POLL_MS = 2000;

/**
 * In the sandbox the service is a child of the app. When the app is killed it gets no chance to end its children:
 * they look after it themselves, every two seconds.
 */
export function watchParent(pid: number | undefined, onGone: () => void): { stop(): void } {
  if (pid === undefined) return { stop: () => undefined };
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
