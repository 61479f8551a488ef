import { describe, expect, it } from 'vitest';
import { BuildProgress } from './build-progress.ts';
import { toProgressMessage } from './progress-message.ts';
import { PullProgress } from './pull-progress.ts';

describe('PullProgress', () => {
  const message = (id: string, status: string, current?: number, total?: number) =>
    toProgressMessage({ id, status, progressDetail: { current, total } });

  it('adds layers up, downloads counting for seven tenths', () => {
    const pull = new PullProgress();
    pull.apply(message('a', 'Pulling fs layer'));
    pull.apply(message('b', 'Already exists'));
    expect(pull.apply(message('a', 'Downloading', 50, 100))).toEqual({
      current: 36,
      total: 101,
      text: '1/2',
    });
    pull.apply(message('a', 'Download complete'));
    expect(pull.apply(message('a', 'Extracting', 50, 100))).toMatchObject({ current: 86 });
    expect(pull.apply(message('a', 'Pull complete'))).toEqual({ current: 101, total: 101, text: '2/2' });
  });

  it('never goes back within a layer', () => {
    const pull = new PullProgress();
    pull.apply(message('a', 'Downloading', 90, 100));
    expect(pull.apply(message('a', 'Waiting'))).toMatchObject({ current: 63 });
  });

  it('shows no bar while a size is unknown, and ignores lines without a layer', () => {
    const pull = new PullProgress();
    expect(pull.apply(message('a', 'Pulling fs layer'))).toEqual({ text: '0/1' });
    expect(pull.apply({ status: 'Status: Image is up to date' })).toBeUndefined();
    expect(pull.apply(message('latest', 'Pulling from library/nginx'))).toBeUndefined();
  });
});

describe('BuildProgress', () => {
  it('reads steps and the phase they belong to', () => {
    const build = new BuildProgress();
    const phase = (line: string) => build.apply(`Step 3/9 : ${line}\n`)[0]?.phase;
    expect(build.apply('Step 3/9 : RUN npm ci\n')).toEqual([
      { phase: 'dependencies', current: 2, total: 9, text: 'RUN npm ci', output: 'Step 3/9 : RUN npm ci' },
    ]);
    expect(phase('RUN apt-get -y install curl')).toBe('dependencies');
    expect(phase('COPY npm ci')).toBe('image');
    expect(phase('RUN node build.js')).toBe('image');
  });

  it('joins lines that come in pieces and strips control sequences', () => {
    const build = new BuildProgress();
    expect(build.apply('added 3')).toEqual([]);
    expect(build.apply(' packages\u001b[0m\n\n')).toEqual([{ output: 'added 3 packages' }]);
    build.apply('the end');
    expect(build.end()).toEqual([{ output: 'the end' }]);
  });
});

describe('toProgressMessage', () => {
  it('finds the fault in old and new shapes', () => {
    expect(toProgressMessage({ errorDetail: { message: 'no' } }).error).toBe('no');
    expect(toProgressMessage({ error: 'no' }).error).toBe('no');
    expect(toProgressMessage({ stream: 'fine' })).toEqual({ stream: 'fine' });
  });
});
