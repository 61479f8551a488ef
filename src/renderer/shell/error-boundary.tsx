import { Button } from '@mantine/core';
import { IconMoodSad } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/empty-state.tsx';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
  readonly onFault: (error: Error) => void;
}

/** Catches what a page throws while rendering, so that the rest of the window goes on. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch(error: Error) {
    this.props.onFault(error);
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <CrashPage onRetry={() => this.setState({ failed: false })} />;
  }
}

function CrashPage({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation('shell');
  return (
    <EmptyState
      icon={<IconMoodSad size={34} stroke={1.3} />}
      title={t('crash.title')}
      actions={
        <>
          <Button variant="filled" onClick={onRetry}>
            {t('crash.tryAgain')}
          </Button>
          <Button onClick={() => window.location.reload()}>{t('crash.reload')}</Button>
        </>
      }
    >
      {t('crash.text')}
    </EmptyState>
  );
}
