import { ProjectLock } from './project-lock.ts';

/** For tests: a process that holds a lock until it is killed. Says so in one line. */
const [, , directory = '', name = ''] = process.argv;
const lock = new ProjectLock({ directory, name });
await lock.acquire('run-of-another-process', new AbortController().signal);
process.stdout.write('held\n');
process.stdin.resume();
