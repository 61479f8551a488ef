import 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** What a test that `skipIf` leaves out misses here, e.g. `docker compose v2`; the report tells it. */
    needs?: string;
  }
}
