import { IconExternalLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { useClient } from '../../rpc/client-context.tsx';
import { useProjectId } from '../../rpc/selected-project.ts';
import { useAction } from '../../rpc/use-action.ts';
import { Chip } from '../../ui/chip.tsx';
import classes from './map-facts.module.css';

/** The foot of the map: where the stack is reached, and its network. */
export function MapFacts({ snapshot }: { snapshot: StackSnapshot }) {
  const { t } = useTranslation('stack');
  const client = useClient();
  const projectId = useProjectId();
  const { run: open } = useAction((id: StackSnapshot['endpoints'][number]['id']) =>
    client.stack.openEndpoint({ projectId, id }),
  );
  const subnets = snapshot.networks.flatMap((network) =>
    network.exists && network.subnet ? [network.subnet] : [],
  );
  if (snapshot.endpoints.length === 0 && subnets.length === 0) return null;
  return (
    <ul className={classes.facts} aria-label={t('addresses')}>
      {snapshot.endpoints.map((endpoint) => (
        <li key={endpoint.id}>
          <button
            type="button"
            className={classes.link}
            title={t('openAddress', { url: endpoint.url })}
            onClick={() => void open(endpoint.id)}
          >
            <span>{t(`endpoint.${endpoint.id}`)}</span>
            <code>{endpoint.url.replace(/^https?:\/\//, '')}</code>
            <IconExternalLink size={12} stroke={1.7} aria-hidden />
          </button>
        </li>
      ))}
      {subnets.map((subnet) => (
        <li key={subnet}>
          <Chip>{subnet}</Chip>
        </li>
      ))}
    </ul>
  );
}
