import { expect, test } from 'vitest';
import { settingText } from './setting-text.ts';

test('says sizes in the largest unit that fits without a rest, and everything else as it is', () => {
  expect(settingText('mem_limit', '268435456')).toBe('256M');
  expect(settingText('deploy.resources.limits.memory', '2147483648')).toBe('2G');
  expect(settingText('shm_size', '1500')).toBe('1500');
  expect(settingText('memswap_limit', '-1')).toBe('-1');
  expect(settingText('environment.memory_hint', '1048576')).toBe('1048576');
  expect(settingText('environment.NAME', '')).toBe('""');
});
