import { Button, Checkbox, Loader, Modal, TextInput } from '@mantine/core';
import type { ConfigValue, EffectiveConfig } from '@skilldeck/agent-skills';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppErrorData } from '../../../shared/errors/app-error.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { readAppError } from '../../rpc/read-app-error.ts';
import { useAction } from '../../rpc/use-action.ts';
import { Tag } from '../../ui/tag.tsx';
import { filterSettings, formatSetting } from './filter-settings.ts';
import classes from './settings-dialog.module.css';

interface SettingsDialogProps {
  /** When the gateway has read its file last: another time, and it is asked again. */
  readonly loadedAt: string;
  readonly onClose: () => void;
}

/** Every value that the gateway runs by, and where it comes from. */
export function SettingsDialog({ loadedAt, onClose }: SettingsDialogProps) {
  const { t } = useTranslation('gateway');
  const client = useClient();
  const { config, error } = useSettings(loadedAt);
  const [words, setWords] = useState('');
  const [onlySet, setOnlySet] = useState(false);
  const openFolder = useAction(async () => void (await client.stack.openWorkspace({})));
  const shown = filterSettings(config?.values ?? [], words, onlySet);
  return (
    <Modal
      opened
      onClose={onClose}
      size={820}
      title={t('settings.title')}
      closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'shell' }) }}
    >
      <div className={classes.dialog}>
        <div className={classes.filter}>
          <TextInput
            data-autofocus
            aria-label={t('settings.search')}
            placeholder={t('settings.search')}
            leftSection={<IconSearch size={15} stroke={1.7} />}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <Checkbox
            size="xs"
            label={t('settings.onlySet')}
            checked={onlySet}
            onChange={(event) => setOnlySet(event.currentTarget.checked)}
          />
        </div>
        {error && <ErrorCard compact error={error} />}
        {config === undefined && !error && <Loader size="sm" aria-label={t('loading')} />}
        {config && <Table values={shown} />}
        <footer className={classes.footer}>
          <span>{t('settings.file')}</span>
          <Button size="compact-sm" loading={openFolder.pending} onClick={() => void openFolder.run()}>
            {t('openFolder', { ns: 'stack' })}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}

function Table({ values }: { values: readonly ConfigValue[] }) {
  const { t } = useTranslation('gateway');
  if (values.length === 0) return <p className={classes.none}>{t('settings.none')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
    <section className={classes.scroll} tabIndex={0} aria-label={t('settings.title')}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('settings.key')}</th>
            <th scope="col">{t('settings.value')}</th>
            <th scope="col">{t('settings.from')}</th>
          </tr>
        </thead>
        <tbody>
          {values.map((one) => (
            <tr key={one.key} data-source={one.source}>
              <th scope="row">
                <code>{one.key}</code>
              </th>
              <td title={formatSetting(one.value)}>
                <code>{formatSetting(one.value)}</code>
              </td>
              <td>
                {one.source === 'environment' ? one.variable : t(`settings.source.${one.source}`)}
                {one.needsRestart && (
                  <span title={t('settings.restartHint')}>
                    <Tag>{t('settings.restart')}</Tag>
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function useSettings(loadedAt: string) {
  const client = useClient();
  const [config, setConfig] = useState<EffectiveConfig>();
  const [error, setError] = useState<AppErrorData>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another time of loading asks again
  useEffect(() => {
    let isOver = false;
    client.gateway.settings({}).then(
      (read) => {
        if (isOver) return;
        setConfig(read);
        setError(undefined);
      },
      (thrown: unknown) => {
        if (!isOver) setError(readAppError(thrown));
      },
    );
    return () => {
      isOver = true;
    };
  }, [client, loadedAt]);
  return { config, error };
}
