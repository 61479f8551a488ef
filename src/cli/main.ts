import { EXIT } from './exit-codes.ts';
import { runCli } from './run-cli.ts';

const cancelling = new AbortController();

// The first one cancels and cleans up; whoever presses again wants out.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (cancelling.signal.aborted) process.exit(EXIT.cancelled);
    cancelling.abort();
  });

// `skilldeck logs | head -1`: the reader has what it wanted.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });

const code = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  signal: cancelling.signal,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});

// Pipes may still hold what was written last; handles of libraries do not keep us.
const flushed = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => stream.write('', () => resolve()));
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(code);
