import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppErrorData } from '../../../../shared/errors/app-error.ts';
import { ErrorCard } from '../../../errors/error-card.tsx';
import { navigate } from '../../../shell/ui-store.ts';
import type { StackActions } from '../use-stack-actions.ts';

interface RunErrorCardProps {
  readonly error: AppErrorData;
  readonly actions: StackActions;
  readonly canAct: boolean;
  /** False for runs of the past: what failed then may be mended long since. */
  readonly canMend: boolean;
  readonly service?: string | undefined;
  readonly children?: ReactNode;
}

/** A failed start with the button that mends it. */
export function RunErrorCard(props: RunErrorCardProps) {
  const { error, actions, canAct, canMend, service, children } = props;
  const { t } = useTranslation('stack');
  const port = error.code === 'port.in_use' ? Number(error.params.port) : undefined;
  const title = usePortTitle(error);
  const hasLogs = service !== undefined && /^(service|config)\./.test(error.code);
  return (
    <ErrorCard
      error={error}
      {...(title === undefined ? {} : { title })}
      actions={
        canMend && (
          <>
            {port !== undefined && Number.isInteger(port) && (
              <Button variant="filled" disabled={!canAct} onClick={() => actions.moveBusyPort(port)}>
                {t('port.useAnother')}
              </Button>
            )}
            {error.code.startsWith('config.invalid') && (
              <Button onClick={actions.openWorkspace}>{t('openFolder')}</Button>
            )}
            {error.code.startsWith('engine.') && (
              <Button onClick={actions.useSandbox}>{t('engine.useSandbox')}</Button>
            )}
            <Button disabled={!canAct} onClick={() => actions.start()}>
              {t('retryStart')}
            </Button>
            {hasLogs && <Button onClick={() => navigate('logs', { service })}>{t('inspector.logs')}</Button>}
          </>
        )
      }
    >
      {children}
    </ErrorCard>
  );
}

/** Names who holds the port, when main could find out. */
function usePortTitle(error: AppErrorData): string | undefined {
  const { t } = useTranslation('stack');
  const { container, owner, pid, port, project } = error.params;
  if (error.code !== 'port.in_use' || !port) return undefined;
  if (container && project) return t('port.usedByContainer', { port, container, project });
  if (!owner) return t('port.taken', { port });
  return pid ? t('port.usedByPid', { port, owner, pid }) : t('port.usedBy', { port, owner });
}
