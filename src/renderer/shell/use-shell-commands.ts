import { IconFolder, IconLanguage, IconMoon, IconRefresh, IconSun, IconSunMoon } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { showErrorToast } from '../errors/error-toast.tsx';
import { useClient } from '../rpc/client-context.tsx';
import { readAppError } from '../rpc/read-app-error.ts';
import { type Command, useCommands } from './commands.ts';
import { PAGES } from './pages.ts';
import { navigate } from './ui-store.ts';

/** What can be done from anywhere: go to a page, theme, language, the app's own log. */
export function useShellCommands(): void {
  const { t } = useTranslation('shell');
  const client = useClient();
  const commands = useMemo<readonly Command[]>(() => {
    const attempt = (call: Promise<unknown>) => {
      call.catch((error: unknown) => showErrorToast(readAppError(error)));
    };
    const update = (change: Parameters<typeof client.settings.update>[0]) => () =>
      attempt(client.settings.update(change));
    return [
      ...PAGES.map((page, index) => ({
        id: `go.${page.id}`,
        title: t('commands.goTo', { page: t(`pages.${page.id}`) }),
        group: 'go' as const,
        icon: page.icon,
        shortcut: `mod+${index + 1}`,
        run: () => navigate(page.id),
      })),
      {
        id: 'view.light',
        title: t('commands.themeLight'),
        group: 'view',
        icon: IconSun,
        run: update({ theme: 'light' }),
      },
      {
        id: 'view.dark',
        title: t('commands.themeDark'),
        group: 'view',
        icon: IconMoon,
        run: update({ theme: 'dark' }),
      },
      {
        id: 'view.system',
        title: t('commands.themeSystem'),
        group: 'view',
        icon: IconSunMoon,
        run: update({ theme: 'system' }),
      },
      {
        id: 'view.en',
        title: t('commands.languageEn'),
        group: 'view',
        icon: IconLanguage,
        keywords: ['english', 'language'],
        run: update({ language: 'en' }),
      },
      {
        id: 'view.zh',
        title: t('commands.languageZh'),
        group: 'view',
        icon: IconLanguage,
        keywords: ['chinese', 'zhongwen', 'language'],
        run: update({ language: 'zh' }),
      },
      {
        id: 'app.openLogFolder',
        title: t('commands.openLogFolder'),
        group: 'app',
        icon: IconFolder,
        run: () => attempt(client.app.openLogFolder({})),
      },
      {
        id: 'app.reload',
        title: t('commands.reload'),
        group: 'app',
        icon: IconRefresh,
        run: () => window.location.reload(),
      },
    ];
  }, [client, t]);
  useCommands(commands);
}
