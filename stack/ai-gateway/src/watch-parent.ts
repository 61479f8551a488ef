const POLL_MS = 2000;

/** Calls back once when the process is gone, so that a killed panel leaves no gateway behind. */
export function watchParent(pid: number | undefined, onGone: () => void): void {
  if (pid === undefined) return;
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch (error) {
      // EPERM means it exists under another user.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') return;
      clearInterval(timer);
      onGone();
    }
  }, POLL_MS);
  timer.unref();
}
