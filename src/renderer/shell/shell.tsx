import { Loader } from '@mantine/core';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorDialog } from '../errors/error-dialog.tsx';
import { FollowProjects } from '../features/projects/follow-projects.tsx';
import { StackCommands } from '../features/stack/stack-commands.tsx';
import { useClient } from '../rpc/client-context.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { NavRail } from './nav-rail.tsx';
import { PAGES } from './pages.ts';
import { Palette } from './palette.tsx';
import { QuitDialog } from './quit-dialog.tsx';
import classes from './shell.module.css';
import { useShortcuts } from './shortcuts.ts';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useUiStore } from './ui-store.ts';
import { useAppEvents } from './use-app-events.ts';
import { useShellCommands } from './use-shell-commands.ts';

export function Shell() {
  const { t } = useTranslation('shell');
  const { quitAsked, answerQuit } = useAppEvents();
  useShellCommands();
  useShortcuts();
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        {t('skipToContent')}
      </a>
      <TopBar />
      <NavRail />
      <main className={classes.content} id="content" tabIndex={-1}>
        <CurrentPage />
      </main>
      <StatusBar />
      <FollowProjects />
      <StackCommands />
      <Palette />
      <ErrorDialog />
      <QuitDialog opened={quitAsked} onAnswer={answerQuit} />
    </div>
  );
}

function CurrentPage() {
  const { t } = useTranslation('shell');
  const client = useClient();
  const current = useUiStore((state) => state.page);
  const page = PAGES.find((candidate) => candidate.id === current) ?? PAGES[0];
  if (!page) return null;
  const reportFault = (error: Error) => {
    const report = {
      message: error.message.slice(0, 4000),
      ...(error.stack ? { stack: error.stack.slice(0, 20_000) } : {}),
    };
    // Reporting is all that can be done here; when even that fails, main has gone.
    client.app.reportFault(report).catch(() => undefined);
  };
  return (
    <ErrorBoundary key={page.id} onFault={reportFault}>
      <Suspense fallback={<Loader className={classes.loader} size="sm" aria-label={t('loading')} />}>
        <page.view />
      </Suspense>
    </ErrorBoundary>
  );
}
