import { Button } from '@mantine/core';
import type { GatewayStatus, TrafficSample } from '@skilldeck/agent-skills';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../rpc/client-context.tsx';
import { useAction } from '../../rpc/use-action.ts';
import { Facts } from '../../ui/facts.tsx';
import { formatBytes, formatPercent } from '../../ui/format.ts';
import classes from './gateway.module.css';

interface CacheCardProps {
  readonly cache: NonNullable<GatewayStatus['cache']>;
  readonly traffic: readonly TrafficSample[];
}

/** What is kept of answers. */
export function CacheCard({ cache, traffic }: CacheCardProps) {
  const { t } = useTranslation('gateway');
  const client = useClient();
  const clear = useAction(() => client.gateway.clearCache({}));
  const requests = traffic.reduce((total, sample) => total + sample.requests, 0);
  const hits = traffic.reduce((total, sample) => total + sample.cacheHits, 0);
  return (
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
      <Facts
        facts={[
          { label: t('cache.policy'), value: t(`policy.${cache.policy}`) },
          { label: t('cache.entries'), value: cache.entries },
          { label: t('cache.memory'), value: `${formatBytes(cache.bytes)} / ${formatBytes(cache.maxBytes)}` },
          { label: t('cache.hits'), value: requests === 0 ? '–' : formatPercent((hits / requests) * 100) },
          { label: 'Redis', value: t(`redis.${cache.redis ?? 'none'}`) },
        ]}
      />
    </section>
  );
}
