import { expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { askAfterStartFailure } from './start-failure.ts';

const full = new AppError('disk_full', 'There is no space left to write /w.', { params: { path: '/w' } });

function fakeDialog(response: number) {
  return {
    showMessageBox: vi.fn(async (_options: unknown) => ({ response, checkboxChecked: false })),
    showOpenDialog: vi.fn(async () => ({ canceled: false, filePaths: ['/other'] })),
  };
}

test('offers another folder when the workspace cannot be used, in the language of the window', async () => {
  const dialog = fakeDialog(0);
  expect(await askAfterStartFailure(dialog as never, full, 'zh')).toBe('/other');
  expect(dialog.showMessageBox).toHaveBeenCalledWith(
    expect.objectContaining({
      message: 'Skilldeck 无法启动',
      detail: expect.stringMatching(/^\/w\n\n磁盘空间不足/),
      buttons: ['选择其他文件夹…', '退出 Skilldeck'],
    }),
  );
});

test('quits when that is wanted, or when no folder would help', async () => {
  expect(await askAfterStartFailure(fakeDialog(1) as never, full, 'en')).toBeUndefined();
  const dialog = fakeDialog(0);
  const fault = new AppError('internal', 'Something went wrong inside Skilldeck.');
  expect(await askAfterStartFailure(dialog as never, fault, 'en')).toBeUndefined();
  expect(dialog.showOpenDialog).not.toHaveBeenCalled();
});
