import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import type { AppErrorData } from '../../shared/errors/app-error.ts';
import { presentError } from './present-error.ts';

const TOAST_MS = 9000;

/** For faults of background work; where a person asked for something, show the error in its place. */
export function showErrorToast(error: AppErrorData): void {
  notifications.show({
    id: `error:${error.code}:${error.message}`,
    color: 'red',
    title: <ToastTitle error={error} />,
    message: <ToastText error={error} />,
    autoClose: TOAST_MS,
    withBorder: true,
  });
}

function ToastTitle({ error }: { error: AppErrorData }) {
  const { t } = useTranslation('errors');
  return presentError(t, error).title;
}

function ToastText({ error }: { error: AppErrorData }) {
  const { t } = useTranslation('errors');
  const { detail, hint, isDetailEnglish } = presentError(t, error);
  return (
    <>
      {detail && <span lang={isDetailEnglish ? 'en' : undefined}>{detail} </span>}
      {hint}
    </>
  );
}
