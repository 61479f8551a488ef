import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../shared/settings/settings-contract.ts';
import { SettingRow, SettingsSection } from './setting-row.tsx';
import { useUpdateSettings } from './use-update-settings.ts';

const LANGUAGES = ['system', 'en', 'zh'] as const;
const THEMES = ['system', 'light', 'dark'] as const;

export function AppearanceSection({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings');
  const update = useUpdateSettings();
  return (
    <SettingsSection title={t('sections.appearance')}>
      <SettingRow label={t('language.label')}>
        <SegmentedControl
          aria-label={t('language.label')}
          value={settings.language}
          data={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
          onChange={(language) => update({ language })}
        />
      </SettingRow>
      <SettingRow label={t('theme.label')}>
        <SegmentedControl
          aria-label={t('theme.label')}
          value={settings.theme}
          data={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
          onChange={(theme) => update({ theme })}
        />
      </SettingRow>
    </SettingsSection>
  );
}
