import { SegmentedControl, Switch } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../shared/settings/settings-contract.ts';
import { useStackSnapshot } from '../../rpc/mirrors.ts';
import { engineText, engineTone } from '../../shell/engine-text.ts';
import { Chip } from '../../ui/chip.tsx';
import { SettingRow, SettingsSection } from './setting-row.tsx';
import { useUpdateSettings } from './use-update-settings.ts';

const ENGINES = ['auto', 'docker', 'sandbox'] as const;

export function StackSection({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings');
  const update = useUpdateSettings();
  return (
    <SettingsSection title={t('sections.stack')}>
      <SettingRow label={t('engine.label')} hint={t(`engine.${settings.engine}Text`)}>
        <SegmentedControl
          aria-label={t('engine.label')}
          value={settings.engine}
          data={ENGINES.map((value) => ({ value, label: t(`engine.${value}`) }))}
          onChange={(engine) => update({ engine })}
        />
        <EngineNow />
      </SettingRow>
      <SwitchRow
        label={t('autoStart.label')}
        hint={t('autoStart.hint')}
        checked={settings.autoStartSandbox}
        onChange={(autoStartSandbox) => update({ autoStartSandbox })}
      />
      <SwitchRow
        label={t('reviewPlan.label')}
        hint={t('reviewPlan.hint')}
        checked={settings.reviewPlan}
        onChange={(reviewPlan) => update({ reviewPlan })}
      />
      <SwitchRow
        label={t('closeToTray.label')}
        hint={t('closeToTray.hint')}
        checked={settings.closeToTray}
        onChange={(closeToTray) => update({ closeToTray })}
      />
    </SettingsSection>
  );
}

function EngineNow() {
  const { t } = useTranslation('shell');
  const engine = useStackSnapshot()?.engine;
  if (!engine) return null;
  const version = engine.kind === 'connected' && engine.engine === 'docker' ? ` · ${engine.version}` : '';
  return <Chip tone={engineTone(engine)}>{engineText(t, engine) + version}</Chip>;
}

function SwitchRow(props: {
  label: string;
  hint: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <SettingRow label={props.label} hint={props.hint} htmlFor={id}>
      <Switch
        id={id}
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
        withThumbIndicator={false}
      />
    </SettingRow>
  );
}
