import { spawn } from 'node:child_process';
import { ROOT, toolEnvironment } from './paths.mjs';

const MAX_LINES_SHOWN = 40;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/**
 * Runs a command to its end and returns what it printed.
 *
 * Output is collected, not shown: a step is one line. When the command fails, some lines of it go into the error.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, input?: string }} [options]
 * @returns {Promise<string>}
 */
export async function run(command, args, options = {}) {
  const result = await tryRun(command, args, options);
  if (result.code === 0) return result.stdout;
  throw new Error(`${[command, ...args].join(' ')}\n${result.reason}\n${shorten(result.output)}`);
}

/**
 * Some tools name the problem in their first lines, others in their last.
 *
 * @param {string} output
 */
function shorten(output) {
  const lines = output.trimEnd().split('\n');
  if (lines.length <= MAX_LINES_SHOWN) return lines.join('\n');
  const half = MAX_LINES_SHOWN / 2;
  return [...lines.slice(0, half), `… ${lines.length - MAX_LINES_SHOWN} lines …`, ...lines.slice(-half)].join(
    '\n',
  );
}

/**
 * Runs a command and reports how it ended instead of throwing.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, input?: string }} [options]
 * @returns {Promise<{ code: number, stdout: string, output: string, reason: string }>}
 */
export function tryRun(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: options.env ?? toolEnvironment(),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === 'win32' && command === 'npm',
      ...(options.timeoutMs ? { timeout: options.timeoutMs, killSignal: 'SIGKILL' } : {}),
    });
    let stdout = '';
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout = (stdout + text).slice(-MAX_OUTPUT_BYTES);
      output = (output + text).slice(-MAX_OUTPUT_BYTES);
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-MAX_OUTPUT_BYTES);
    });
    if (options.input !== undefined) child.stdin?.end(options.input);
    child.on('error', (error) => resolve({ code: 127, stdout, output, reason: error.message }));
    child.on('close', (code, signal) => {
      const reason = signal ? `ended by ${signal}` : `exit code ${code}`;
      resolve({ code: code ?? 1, stdout, output, reason });
    });
  });
}

/**
 * Runs a command with its output going straight to the terminal.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} the exit code
 */
export function runVisibly(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: options.env ?? toolEnvironment(),
      stdio: 'inherit',
    });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}
