import fc from 'fast-check';
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
      layers: [
        { id: 'a', status: 'downloading', current: 50, total: 100 },
        { id: 'b', status: 'done' },
      ],
    });
    pull.apply(message('a', 'Download complete'));
    expect(pull.apply(message('a', 'Extracting', 50, 100))).toMatchObject({
      current: 86,
      layers: [{ status: 'extracting', current: 50, total: 100 }, { status: 'done' }],
    });
    expect(pull.apply(message('a', 'Pull complete'))).toMatchObject({
      current: 101,
      total: 101,
      text: '2/2',
    });
  });

  it('never goes back within a layer', () => {
    const pull = new PullProgress();
    pull.apply(message('a', 'Downloading', 90, 100));
    expect(pull.apply(message('a', 'Waiting'))).toMatchObject({ current: 63 });
  });

  it('shows no bar while a size is unknown, and ignores lines without a layer', () => {
    const pull = new PullProgress();
    expect(pull.apply(message('a', 'Pulling fs layer'))).toEqual({
      text: '0/1',
      layers: [{ id: 'a', status: 'waiting' }],
    });
    expect(pull.apply({ status: 'Status: Image is up to date' })).toBeUndefined();
    expect(pull.apply(message('latest', 'Pulling from library/nginx'))).toBeUndefined();
  });
});

describe('PullProgress with any messages', () => {
  const statuses = [
    'Waiting',
    'Downloading',
    'Download complete',
    'Extracting',
    'Pull complete',
    'Already exists',
    'x',
  ];

  it('keeps within its total and its number of layers', () => {
    const messages = fc.array(
      fc.record({
        id: fc.stringMatching(/^[a-f]{1,3}$/),
        status: fc.constantFrom(...statuses),
        current: fc.nat(),
        total: fc.nat(),
      }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(messages, (all) => {
        const pull = new PullProgress();
        for (const one of all) {
          const { current = 0, total = 0, layers = [] } = pull.apply(one) ?? {};
          expect(current).toBeLessThanOrEqual(total);
          expect(layers.length).toBeLessThanOrEqual(128);
        }
      }),
    );
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
