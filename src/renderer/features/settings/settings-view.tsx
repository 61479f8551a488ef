import { Button, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppInfo } from '../../../shared/app/app-contract.ts';
import { useClient } from '../../rpc/client-context.tsx';
import { useSettingsSnapshot } from '../../rpc/mirrors.ts';
import { useAction } from '../../rpc/use-action.ts';
import { Facts } from '../../ui/facts.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ModelSourcePanel } from '../models/model-source-panel.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { SettingRow, SettingsSection } from './setting-row.tsx';
import classes from './settings-view.module.css';
import { StackSection } from './stack-section.tsx';

export function SettingsView() {
  const { t } = useTranslation('settings');
  const { t: tModels } = useTranslation('models');
  const snapshot = useSettingsSnapshot();
  return (
    <>
      <PageHeader title={t('title')} />
      {snapshot ? (
        <div className={classes.page}>
          <AppearanceSection settings={snapshot.settings} />
          <StackSection settings={snapshot.settings} />
          <SettingsSection title={tModels('title')} intro={tModels('intro')} plain>
            <ModelSourcePanel />
          </SettingsSection>
          <WorkspaceSection workspace={snapshot.workspace} />
          <AboutSection />
        </div>
      ) : (
        <Loader size="sm" m="auto" />
      )}
    </>
  );
}

function WorkspaceSection({ workspace }: { workspace: string }) {
  const { t } = useTranslation('settings');
  const client = useClient();
  const open = useAction(() => client.stack.openWorkspace({}));
  const choose = useAction(() => client.settings.chooseWorkspace({}));
  return (
    <SettingsSection title={t('sections.workspace')}>
      <SettingRow label={t('workspace.label')} hint={t('workspace.hint')}>
        <div className={classes.buttons}>
          <Button onClick={() => void open.run()}>{t('workspace.open')}</Button>
          <Button
            loading={choose.pending}
            title={t('workspace.chooseHint')}
            onClick={() => void choose.run()}
          >
            {t('workspace.choose')}
          </Button>
        </div>
        <code className={classes.path}>{workspace}</code>
      </SettingRow>
    </SettingsSection>
  );
}

function AboutSection() {
  const { t } = useTranslation('settings');
  const client = useClient();
  const [info, setInfo] = useState<AppInfo>();
  const openLogs = useAction(() => client.app.openLogFolder({}));
  useEffect(() => {
    // Without an answer the section simply stays empty.
    client.app.getAppInfo({}).then(setInfo, () => undefined);
  }, [client]);
  return (
    <SettingsSection title={t('sections.about')}>
      <div className={classes.about}>
        {info && (
          <Facts
            facts={[
              { label: t('about.version'), value: info.version, mono: true },
              { label: t('about.electron'), value: info.electron, mono: true },
              { label: t('about.platform'), value: info.platform, mono: true },
              {
                label: t('about.build'),
                value: info.packaged ? t('about.packaged') : t('about.development'),
              },
            ]}
          />
        )}
        <Button onClick={() => void openLogs.run()}>{t('about.logs')}</Button>
      </div>
    </SettingsSection>
  );
}
