import { execFile } from 'node:child_process';

/** Ends a process with all that it started. `pid` leads its own process group (POSIX). Safe when it is gone already. */
export function signalTree(pid: number, how: 'terminate' | 'kill', platform: NodeJS.Platform): void {
  if (platform === 'win32') {
    // Windows has no polite signal for a process without a window: /F in both cases.
    execFile('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true }, () => {});
    return;
  }
  try {
    process.kill(-pid, how === 'kill' ? 'SIGKILL' : 'SIGTERM');
  } catch {
    // ESRCH: the whole group is gone.
  }
}

/** Whether anything of the process group is still alive. */
export function isTreeAlive(pid: number, platform: NodeJS.Platform): boolean {
  try {
    process.kill(platform === 'win32' ? pid : -pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
