import { expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { FakeEngine } from '../../engine/fake-engine.ts';
import { chooseEngine } from './choose-engine.ts';

const makers = () => {
  const docker = new FakeEngine('docker');
  const sandbox = new FakeEngine('sandbox');
  return {
    docker,
    sandbox,
    make: { docker: vi.fn(async () => docker), sandbox: vi.fn(async () => sandbox) },
  };
};

test('takes Docker by itself when one answers', async () => {
  const { docker, make } = makers();
  expect(await chooseEngine('auto', make)).toBe(docker);
  expect(make.sandbox).not.toHaveBeenCalled();
});

test('takes the sandbox when Docker fails, and ends what it tried', async () => {
  const { docker, make, sandbox } = makers();
  docker.connectFault = new AppError('engine.permission_denied', 'No.');
  expect(await chooseEngine('auto', make)).toBe(sandbox);
  expect(docker.disposed).toBe(true);
});

test('takes the sandbox when Docker cannot even be loaded', async () => {
  const { make, sandbox } = makers();
  make.docker.mockRejectedValue(new Error('a broken install'));
  expect(await chooseEngine('auto', make)).toBe(sandbox);
});

test('does not wait for a Docker that hangs', async () => {
  const { docker, make, sandbox } = makers();
  docker.connect = (signal?: AbortSignal) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  expect(await chooseEngine('auto', make, 10)).toBe(sandbox);
});

test('keeps to a wish, whether it works or not', async () => {
  const { docker, make, sandbox } = makers();
  docker.connectFault = new AppError('engine.not_running', 'No.');
  expect(await chooseEngine('docker', make)).toBe(docker);
  expect(make.sandbox).not.toHaveBeenCalled();
  make.docker.mockClear();
  expect(await chooseEngine('sandbox', make)).toBe(sandbox);
  expect(make.docker).not.toHaveBeenCalled();
});
