const SIZES = /(?:^|\.)(?:mem_limit|mem_reservation|memswap_limit|shm_size|memory)$/;
const UNITS = ['G', 'M', 'K'] as const;

/** A value as the files would say it: whole mebibytes, not bytes. */
export function settingText(path: string, value: string): string {
  // An empty value has to be seen too.
  if (value === '') return '""';
  if (!SIZES.test(path) || !/^[1-9]\d*$/.test(value)) return value;
  const bytes = Number(value);
  for (const [index, unit] of UNITS.entries()) {
    const step = 1024 ** (UNITS.length - index);
    if (bytes % step === 0) return `${bytes / step}${unit}`;
  }
  return value;
}
