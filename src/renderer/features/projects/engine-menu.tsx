import { Menu } from '@mantine/core';
import { IconCheck, IconPlugConnected, IconSettings } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DockerContext } from '../../../shared/stack/projects-contract.ts';
import type { EngineStatus } from '../../../shared/stack/stack-snapshot.ts';
import { showErrorToast } from '../../errors/error-toast.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { readAppError } from '../../rpc/read-app-error.ts';
import { useProjectId } from '../../rpc/selected-project.ts';
import { useAction } from '../../rpc/use-action.ts';
import { engineText, engineTone } from '../../shell/engine-text.ts';
import { navigate } from '../../shell/ui-store.ts';
import { StatusDot } from '../../ui/status-dot.tsx';
import classes from './engine-menu.module.css';

/** Which engine everything is connected to, and the Docker contexts that it could be. */
export function EngineMenu({ engine }: { engine: EngineStatus }) {
  const { t } = useTranslation('projects');
  const { t: tShell } = useTranslation('shell');
  const client = useClient();
  const projectId = useProjectId();
  const [contexts, setContexts] = useState<readonly DockerContext[]>();
  // biome-ignore lint/correctness/useHookAtTopLevel: a call of the contract, not a hook of React
  const { run: use } = useAction((name: string) => client.projects.useContext({ name }));
  const { run: reconnect } = useAction(() => client.stack.reconnect({ projectId }));
  const text = engineText(tShell, engine);
  // Asked for each time: contexts are changed in a terminal.
  const read = () => {
    client.projects
      .contexts({})
      .then(setContexts)
      .catch((error: unknown) => showErrorToast(readAppError(error)));
  };
  // The sandbox is on this machine, whatever contexts there are.
  const shown = engine.engine === 'docker' ? contexts : undefined;
  const isFixed = shown?.some((context) => context.fixed) ?? false;
  return (
    <Menu position="bottom-end" width={344} onOpen={read}>
      <Menu.Target>
        <button type="button" className={classes.chip} aria-label={t('contexts.label', { text })}>
          <StatusDot tone={engineTone(engine)} />
          <span>{text}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown}>
        {engine.engine === 'docker' && <Menu.Label>{t('contexts.title')}</Menu.Label>}
        <div className={classes.list}>
          {shown?.length === 0 && <p className={classes.note}>{t('contexts.none')}</p>}
          {shown?.map((context) => (
            <Menu.RadioItem
              key={context.name}
              value={context.name}
              checked={context.current}
              closeMenuOnClick
              checkIcon={<IconCheck size={14} stroke={2} aria-hidden />}
              disabled={isFixed && !context.current}
              onChange={(name) => void use(name)}
            >
              <span className={classes.name}>
                {context.name}
                {context.fixed && <i>{t('contexts.fixedShort')}</i>}
              </span>
              <code className={classes.endpoint} title={context.description || context.endpoint}>
                {context.endpoint}
              </code>
            </Menu.RadioItem>
          ))}
        </div>
        {isFixed && <p className={classes.note}>{t('contexts.fixed')}</p>}
        {shown !== undefined && <Menu.Divider />}
        <Menu.Item
          leftSection={<IconPlugConnected size={15} stroke={1.6} aria-hidden />}
          onClick={() => void reconnect()}
        >
          {t('contexts.retry')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconSettings size={15} stroke={1.6} aria-hidden />}
          onClick={() => navigate('settings')}
        >
          {t('contexts.settings')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
