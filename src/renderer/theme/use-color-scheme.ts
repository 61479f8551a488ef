import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import type { Settings } from '../../shared/settings/settings-contract.ts';

/** Makes Mantine follow the setting. */
export function useColorScheme(theme: Settings['theme'] | undefined): void {
  // Otherwise Mantine writes a style through innerHTML, which the content security policy refuses.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  useEffect(() => {
    if (theme) setColorScheme(theme === 'system' ? 'auto' : theme);
  }, [theme, setColorScheme]);
}
