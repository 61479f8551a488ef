import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

async function cli(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runCli(args, {
    env: {},
    cwd: import.meta.dirname,
    signal: new AbortController().signal,
    stdin: new PassThrough(),
    stdout,
    stderr,
  });
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

describe('the command line', () => {
  it('prints help to standard output and ends well', async () => {
    const { code, err, out } = await cli('up', '--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('--force-recreate');
  });

  it.each([
    [['nonsense'], /unknown command/],
    [['up', '--nonsense'], /unknown option '--nonsense'/],
    [['logs', '--tail', 'many'], /Expected a number of lines/],
    [['up', '--scale', 'web'], /Expected SERVICE=NUMBER/],
    [['config', '--format', 'xml'], /Allowed choices are json, yaml/],
    [['exec', 'web'], /missing required argument 'command'/],
    [[], /Usage: skilldeck/],
  ])('answers a wrong line with 2 and says what is wrong: %j', async (args, message) => {
    const { code, err, out } = await cli(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });

  it('answers a wrong line with JSON when that is asked for', async () => {
    const { code, err, out } = await cli('up', '--json', '--nonsense');
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'invalid_input' } });
  });

  it('prints the fault of a missing file with its hint, as text and as JSON', async () => {
    const text = await cli('-f', 'absent.yaml', 'config');
    expect(text).toMatchObject({ code: 1, out: '' });
    expect(text.err).toContain('absent.yaml');
    const json = await cli('-f', 'absent.yaml', '--json', 'config');
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'compose.file_missing' } });
  });

  it('prints its own version without asking an engine', async () => {
    expect(await cli('version', '--short')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});
