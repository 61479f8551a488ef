import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { diskFault } from './disk-fault.ts';

const fault = (code: string) => diskFault(Object.assign(new Error(code), { code }), '/w/data');

test.each([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EACCES', 'read_only'],
  ['EPERM', 'read_only'],
  ['EROFS', 'read_only'],
  ['ENOTDIR', 'workspace.invalid'],
  ['ELOOP', 'workspace.invalid'],
  ['EIO', 'workspace.invalid'],
])('turns %s into %s and names the path', (system, code) => {
  expect(fault(system)).toMatchObject({ code, params: { path: '/w/data' } });
  expect(fault(system).message).toContain('/w/data');
});

test('leaves a fault alone that has its code already', () => {
  const coded = new AppError('env.invalid', 'Line 3.');
  expect(diskFault(coded, '/w')).toBe(coded);
});
