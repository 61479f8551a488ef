import { ActionIcon, Button, Menu } from '@mantine/core';
import type { KeyView } from '@skilldeck/agent-skills';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { toLocale } from '../../i18n/i18n.ts';
import { useAction } from '../../rpc/use-action.ts';
import { formatDay } from '../../ui/format.ts';
import { Tag } from '../../ui/tag.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import classes from './gateway.module.css';
import { KeyDialog } from './key-dialog.tsx';
import { LIMITS, settingsOf } from './key-form.ts';
import { SecretDialog } from './secret-dialog.tsx';
import type { GatewayKeys } from './use-gateway-keys.ts';

type Dialog =
  | { readonly kind: 'new' }
  | { readonly kind: 'edit' | 'rotate' | 'remove'; readonly key: KeyView }
  | { readonly kind: 'secret'; readonly name: string; readonly secret: string };

/** Who may ask the gateway besides this panel. */
export function KeysCard({ keys }: { keys: GatewayKeys }) {
  const { t } = useTranslation('keys');
  const [dialog, setDialog] = useState<Dialog>();
  const toggle = useAction((key: KeyView) =>
    keys.update(key.id, { ...settingsOf(key), disabled: !key.disabled }),
  );
  const close = () => setDialog(undefined);
  return (
    <section className={classes.card} aria-label={t('title')}>
      <h2>
        {t('title')}
        <Button
          size="compact-xs"
          variant="default"
          className={classes.cardAction}
          disabled={keys.list === undefined}
          onClick={() => setDialog({ kind: 'new' })}
        >
          {t('new')}
        </Button>
      </h2>
      {keys.error && <ErrorCard compact error={keys.error} />}
      {keys.list?.error && <p className={classes.problem}>{keys.list.error}</p>}
      {keys.list?.keys.length === 0 && <p className={classes.nothing}>{t('none')}</p>}
      {keys.list !== undefined && keys.list.keys.length > 0 && (
        <KeyTable
          keys={keys.list.keys}
          onChoose={(kind, key) => (kind === 'toggle' ? void toggle.run(key) : setDialog({ kind, key }))}
        />
      )}
      {dialog?.kind === 'new' && (
        <KeyDialog
          edited={undefined}
          onClose={close}
          onSave={async (settings) => {
            const { key, secret } = await keys.create(settings);
            setDialog({ kind: 'secret', name: key.name, secret });
          }}
        />
      )}
      {dialog?.kind === 'edit' && (
        <KeyDialog
          edited={dialog.key}
          onClose={close}
          onSave={async (settings) => {
            await keys.update(dialog.key.id, settings);
            close();
          }}
        />
      )}
      {dialog?.kind === 'rotate' && (
        <ConfirmDialog
          title={t('rotate.title', { name: dialog.key.name })}
          text={t('rotate.text')}
          action={t('rotate.action')}
          onClose={close}
          onConfirm={async () => {
            const { key, secret } = await keys.rotate(dialog.key.id);
            setDialog({ kind: 'secret', name: key.name, secret });
          }}
        />
      )}
      {dialog?.kind === 'remove' && (
        <ConfirmDialog
          title={t('remove.title', { name: dialog.key.name })}
          text={t('remove.text')}
          action={t('remove.action')}
          onClose={close}
          onConfirm={async () => {
            await keys.remove(dialog.key.id);
            close();
          }}
        />
      )}
      {dialog?.kind === 'secret' && (
        <SecretDialog name={dialog.name} secret={dialog.secret} onClose={close} />
      )}
    </section>
  );
}

type Choice = 'edit' | 'rotate' | 'remove' | 'toggle';

interface KeyTableProps {
  readonly keys: readonly KeyView[];
  readonly onChoose: (choice: Choice, key: KeyView) => void;
}

function KeyTable({ keys, onChoose }: KeyTableProps) {
  const { t } = useTranslation('keys');
  return (
    <div className={classes.tableScroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            {(['name', 'state', 'scopes', 'limits', 'today', 'lastUsed', 'ends'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`column.${column}`)}
              </th>
            ))}
            <th scope="col" className={classes.actionColumn}>
              <span className={classes.hidden}>{t('column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <Row key={key.id} gatewayKey={key} onChoose={onChoose} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ gatewayKey: key, onChoose }: { gatewayKey: KeyView; onChoose: KeyTableProps['onChoose'] }) {
  const { t, i18n } = useTranslation('keys');
  const locale = toLocale(i18n.language);
  const count = new Intl.NumberFormat(locale, { notation: 'compact' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const hasEnded = key.expiresAt !== undefined && Date.parse(key.expiresAt) <= Date.now();
  const state = hasEnded ? 'ended' : key.disabled ? 'disabled' : 'active';
  const limits = LIMITS.flatMap((name) => {
    const value = key.limits[name];
    return value === undefined ? [] : [t(`limitShort.${name}`, { value: count.format(value) })];
  });
  const scopes = key.scopes.map((scope) => t(`scope.${scope}`)).join(', ');
  const day = (time: string | undefined) => (time === undefined ? '–' : formatDay(Date.parse(time), locale));
  return (
    <tr>
      <th scope="row" title={key.name}>
        {key.name}
      </th>
      <td>
        <Tag tone={state === 'active' ? 'ok' : 'plain'}>{t(`state.${state}`)}</Tag>
      </td>
      <td title={scopes}>{scopes}</td>
      <td title={limits.join('\n')}>{limits.join(', ') || t('field.noLimit')}</td>
      <td>{t('tokens', { value: count.format(key.usage.tokensToday) })}</td>
      <td>{day(key.usage.lastUsedAt)}</td>
      <td>{key.expiresAt === undefined ? '–' : date.format(Date.parse(key.expiresAt))}</td>
      <td className={classes.actionColumn}>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" size="sm" aria-label={t('actionsOf', { name: key.name })}>
              <IconDots size={14} stroke={1.8} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onChoose('edit', key)}>{t('menu.edit')}</Menu.Item>
            <Menu.Item onClick={() => onChoose('toggle', key)}>
              {t(key.disabled ? 'menu.enable' : 'menu.disable')}
            </Menu.Item>
            <Menu.Item onClick={() => onChoose('rotate', key)}>{t('menu.rotate')}</Menu.Item>
            <Menu.Item color="red" onClick={() => onChoose('remove', key)}>
              {t('menu.remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </td>
    </tr>
  );
}
