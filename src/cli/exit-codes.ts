/** What a script can tell from the exit code; `exec` and `run` pass on that of their command. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** The command line was wrong. */
  usage: 2,
  /** `plan --exit-code`: there is something to do. */
  differs: 2,
  /** Ctrl-C, as shells say it. */
  cancelled: 130,
} as const;
