import { IconLanguage, IconMoon, IconSun, IconSunMoon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isHealthy } from '../features/stack/service-state.ts';
import { useClient } from '../rpc/client-context.tsx';
import {
  useIsWorkspace,
  useModelsSnapshot,
  useSettingsSnapshot,
  useSkillsSnapshot,
  useStackSnapshot,
} from '../rpc/mirrors.ts';
import { useAction } from '../rpc/use-action.ts';
import { StatusDot } from '../ui/status-dot.tsx';
import { stateTone } from './engine-text.ts';
import classes from './status-bar.module.css';

const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' } as const;
const THEME_ICONS = { system: IconSunMoon, light: IconSun, dark: IconMoon } as const;

export function StatusBar() {
  return (
    <footer className={classes.bar}>
      <StackFacts />
      <GatewayFacts />
      <span className={classes.space} />
      <Switches />
    </footer>
  );
}

function StackFacts() {
  const { t } = useTranslation('shell');
  const snapshot = useStackSnapshot();
  const isWorkspace = useIsWorkspace();
  if (!snapshot) return <span>{t('connecting')}</span>;
  const services = snapshot.services.filter((service) => service.available && !service.inactive);
  const healthy = services.filter((service) => isHealthy(service.state)).length;
  return (
    <span className={classes.fact} aria-live="polite">
      <StatusDot tone={stateTone(snapshot.state)} />
      {!isWorkspace && <span>{snapshot.project.name}</span>}
      <span>{t(`state.${snapshot.state}`)}</span>
      {services.length > 0 && (
        <span>
          <b>{t('status.services', { healthy, total: services.length })}</b> {t('status.healthy')}
        </span>
      )}
    </span>
  );
}

function GatewayFacts() {
  const { t } = useTranslation('shell');
  const skills = useSkillsSnapshot();
  const queue = useModelsSnapshot()?.queue;
  return (
    <>
      {skills?.gateway.kind === 'live' && (
        <span>
          {t('status.generation')} <b>{skills.gateway.generation}</b>
        </span>
      )}
      {queue && (
        <span>
          {t('status.queue')} <b>{queue.waiting}</b> · {t('status.inFlight')}{' '}
          <b>
            {queue.inFlight} / {queue.maxConcurrent}
          </b>
        </span>
      )}
    </>
  );
}

function Switches() {
  const { t, i18n } = useTranslation('shell');
  const client = useClient();
  const settings = useSettingsSnapshot()?.settings;
  const { run } = useAction((change: Parameters<typeof client.settings.update>[0]) =>
    client.settings.update(change),
  );
  if (!settings) return null;
  const ThemeIcon = THEME_ICONS[settings.theme];
  const isZh = i18n.language === 'zh';
  const language = isZh ? '中文' : 'English';
  return (
    <>
      <button
        type="button"
        className={classes.button}
        title={t('status.language', { language })}
        onClick={() => void run({ language: isZh ? 'en' : 'zh' })}
      >
        <IconLanguage size={14} stroke={1.6} aria-hidden />
        {language}
      </button>
      <button
        type="button"
        className={classes.button}
        title={t('status.switchTheme', { theme: t(`status.theme.${settings.theme}`) })}
        onClick={() => void run({ theme: NEXT_THEME[settings.theme] })}
      >
        <ThemeIcon size={14} stroke={1.6} aria-hidden />
        {t(`status.theme.${settings.theme}`)}
      </button>
    </>
  );
}
