import { Button } from '@mantine/core';
import type { SkillHistory } from '@skilldeck/agent-skills';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toLocale } from '../../i18n/i18n.ts';
import { useClient } from '../../rpc/client-context.tsx';
import { useAction } from '../../rpc/use-action.ts';
import { formatClock } from '../../ui/format.ts';
import { Tag } from '../../ui/tag.tsx';
import classes from './gateway.module.css';
import keyClasses from './keys.module.css';

/** Which skills the gateway had, and a way back to them. @param generation asks again when it changes */
export function GenerationsCard({ generation }: { generation: number }) {
  const { t, i18n } = useTranslation('keys');
  const client = useClient();
  const [history, setHistory] = useState<SkillHistory>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another generation is another history.
  useEffect(() => {
    let isGone = false;
    client.gateway.skills.history({}).then(
      (read) => {
        if (!isGone) setHistory(read);
      },
      // The page itself says when the gateway is away.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [client, generation]);
  const rollBack = useAction(async (to: number) => {
    setHistory(await client.gateway.skills.rollBack({ generation: to }));
  });
  const release = useAction(async () => {
    setHistory(await client.gateway.skills.release({}));
  });
  if (history === undefined) return null;
  const locale = toLocale(i18n.language);
  return (
    <section className={classes.card} aria-label={t('generations.title')}>
      <h2>{t('generations.title')}</h2>
      {history.held && (
        <div className={keyClasses.held} role="status">
          <span>{t('generations.held', { generation: history.held.of })}</span>
          <Button size="compact-xs" loading={release.pending} onClick={() => void release.run()}>
            {t('generations.release')}
          </Button>
        </div>
      )}
      <div className={classes.tableScroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              {(['generation', 'since', 'changed', 'talks'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`generations.${column}`)}
                </th>
              ))}
              <th scope="col" className={classes.processColumn}>
                <span className={classes.hidden}>{t('column.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {history.generations.map((one) => {
              const isLive = one.generation === history.live;
              return (
                <tr key={one.generation}>
                  <th scope="row">
                    {one.generation} {isLive && <Tag tone="ok">{t('generations.live')}</Tag>}
                  </th>
                  <td>{formatClock(Date.parse(one.loadedAt), locale)}</td>
                  <td className={keyClasses.changed} title={one.changed.join(', ')}>
                    {one.changed.join(', ') || '–'}
                  </td>
                  <td>{one.conversations}</td>
                  <td className={classes.processColumn}>
                    {!isLive && (
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={t('generations.useOne', { generation: one.generation })}
                        loading={rollBack.pending}
                        onClick={() => void rollBack.run(one.generation)}
                      >
                        {t('generations.use')}
                      </Button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
