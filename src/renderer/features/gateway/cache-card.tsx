import { Button } from '@mantine/core';
import type { GatewayStatus, TrafficSample } from '@skilldeck/agent-skills';
import { useTranslation } from 'react-i18next';
import { configWords } from '../../../shared/gateway/config-words.ts';
import { presentPhrase } from '../../errors/present-error.ts';
import { useClient } from '../../rpc/client-context.tsx';
import { useAction } from '../../rpc/use-action.ts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { formatBytes, formatPercent } from '../../ui/format.ts';
import classes from './gateway.module.css';

interface CacheCardProps {
  readonly status: GatewayStatus;
  readonly traffic: readonly TrafficSample[];
}

/** What is kept of answers, and by what settings the gateway runs. */
export function CacheCard({ status, traffic }: CacheCardProps) {
  const { t } = useTranslation('gateway');
  const { t: errors } = useTranslation('errors');
  const client = useClient();
  const clear = useAction(() => client.gateway.clearCache({}));
  const { cache, config } = status;
  const words = configWords(config.problems);
  const problem = words === undefined ? config.error : presentPhrase(errors, words);
  const requests = traffic.reduce((total, sample) => total + sample.requests, 0);
  const hits = traffic.reduce((total, sample) => total + sample.cacheHits, 0);
  const facts: Fact[] =
    cache === undefined
      ? []
      : [
          { label: t('cache.policy'), value: t(`policy.${cache.policy}`) },
          { label: t('cache.entries'), value: cache.entries },
          { label: t('cache.memory'), value: `${formatBytes(cache.bytes)} / ${formatBytes(cache.maxBytes)}` },
          { label: t('cache.hits'), value: requests === 0 ? '–' : formatPercent((hits / requests) * 100) },
          { label: 'Redis', value: t(`redis.${cache.redis ?? 'none'}`) },
        ];
  return (
    <div className={classes.column}>
      {cache && (
        <section className={classes.card} aria-label={t('cache.title')}>
          <h2>
            {t('cache.title')}
            <Button
              size="compact-xs"
              variant="default"
              className={classes.cardAction}
              loading={clear.pending}
              disabled={cache.entries === 0}
              onClick={() => void clear.run()}
            >
              {t('cache.clear')}
            </Button>
          </h2>
          <div className={classes.bar} aria-hidden>
            <i style={{ width: `${Math.min(100, (cache.bytes / Math.max(1, cache.maxBytes)) * 100)}%` }} />
          </div>
          <Facts facts={facts} />
        </section>
      )}
      <section className={classes.card} aria-label={t('config.title')}>
        <h2>{t('config.title')}</h2>
        <Facts
          facts={[
            { label: t('config.version'), value: status.version },
            { label: t('config.slots'), value: `${status.maxConcurrent} + ${status.maxQueue}` },
            { label: t('config.secrets'), value: config.secrets.join(', ') || '–' },
            ...(config.restartRequired.length === 0
              ? []
              : [{ label: t('config.restart'), value: config.restartRequired.join(', ') }]),
          ]}
        />
        {problem && <p className={classes.problem}>{problem}</p>}
      </section>
    </div>
  );
}
