import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { i18n } from 'i18next';
import { type ReactNode, useEffect } from 'react';
import { I18nextProvider } from 'react-i18next';
import { toLocale } from './i18n/i18n.ts';
import type { RpcClient } from './rpc/client.ts';
import { ClientProvider } from './rpc/client-context.tsx';
import { useSettingsSnapshot, useStackMirror } from './rpc/mirrors.ts';
import { useMirror } from './rpc/use-mirror.ts';
import { Shell } from './shell/shell.tsx';
import { theme } from './theme/theme.ts';
import { useColorScheme } from './theme/use-color-scheme.ts';

/** Texts and looks, without a connection: what even the "connection lost" page needs. */
export function Frame({ i18n, children }: { i18n: i18n; children: ReactNode }) {
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        // Variables are in tokens.css, and inline styles become React's own <style>: no innerHTML, as the CSP asks.
        withCssVariables={false}
        withGlobalClasses={false}
        deduplicateInlineStyles
      >
        {children}
      </MantineProvider>
    </I18nextProvider>
  );
}

/** The whole window over a client; the test harness gives it an invented one. */
export function App({ client, i18n }: { client: RpcClient; i18n: i18n }) {
  return (
    <Frame i18n={i18n}>
      <ClientProvider client={client}>
        <FollowSettings i18n={i18n} />
        <MarkUsable />
        <Notifications position="bottom-right" limit={4} />
        <Shell />
      </ClientProvider>
    </Frame>
  );
}

function FollowSettings({ i18n }: { i18n: i18n }) {
  const snapshot = useSettingsSnapshot();
  useColorScheme(snapshot?.settings.theme);
  const language =
    snapshot &&
    (snapshot.settings.language === 'system' ? snapshot.systemLanguage : snapshot.settings.language);
  useEffect(() => {
    if (!language) return;
    document.documentElement.lang = toLocale(language);
    void i18n.changeLanguage(language);
  }, [language, i18n]);
  return null;
}

/** Start-up is over when the first snapshot is on the screen; the benchmark and the e2e tests wait for it. */
function MarkUsable() {
  const isLive = useMirror(useStackMirror()).kind === 'live';
  useEffect(() => {
    if (!isLive) return;
    const frame = requestAnimationFrame(() => {
      performance.mark('skilldeck:usable');
      document.documentElement.dataset.usable = 'true';
    });
    return () => cancelAnimationFrame(frame);
  }, [isLive]);
  return null;
}
