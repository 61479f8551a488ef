import { Autocomplete, Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelSource, UpstreamProbe } from '../../../shared/models/models-contract.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { useSettingsSnapshot } from '../../rpc/mirrors.ts';
import { useAction } from '../../rpc/use-action.ts';
import { isHttpUrl } from './is-http-url.ts';
import classes from './model-source-panel.module.css';
import type { SourceProps } from './model-source-panel.tsx';
import { SourceCard } from './source-card.tsx';

interface UpstreamSourceProps extends SourceProps {
  readonly source: ModelSource | undefined;
}

export function UpstreamSource({ source, onChanged }: UpstreamSourceProps) {
  const { t } = useTranslation('models');
  const client = useClient();
  const used = source?.kind === 'upstream' ? source : undefined;
  const [baseUrl, setBaseUrl] = useState('');
  const [model, setModel] = useState('');
  const [apiKey, setApiKey] = useState('');
  const [probe, setProbe] = useState<UpstreamProbe>();
  const [showsInvalid, setShowsInvalid] = useState(false);
  useEffect(() => {
    if (!used) return;
    setBaseUrl(used.baseUrl);
    setModel(used.model ?? '');
  }, [used]);

  const key = apiKey === '' ? {} : { apiKey };
  const test = useAction(async () => setProbe(await client.models.probeUpstream({ baseUrl, ...key })), {
    onError: 'inline',
  });
  const use = useAction(
    async () => {
      await client.models.chooseUpstream({ baseUrl, ...key, ...(model === '' ? {} : { model }) });
      setApiKey('');
      onChanged?.();
    },
    { onError: 'inline' },
  );

  const isValid = isHttpUrl(baseUrl);
  const ifValid = (run: () => Promise<void>) => {
    setShowsInvalid(!isValid);
    if (isValid) void run();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ifValid(use.run);
  };
  const error = test.error ?? use.error ?? (probe?.kind === 'not_found' ? probe.error : undefined);
  return (
    <SourceCard name={t('upstream.name')} text={t('upstream.text')} isUsed={used !== undefined}>
      <form className={classes.form} onSubmit={submit} style={{ marginTop: 0 }}>
        <div className={classes.fields}>
          <TextInput
            label={t('upstream.address')}
            placeholder="http://127.0.0.1:8000/v1"
            type="url"
            value={baseUrl}
            error={showsInvalid && !isValid && t('upstream.invalidAddress')}
            onChange={(event) => {
              setBaseUrl(event.currentTarget.value.trim());
              setProbe(undefined);
            }}
          />
          <Autocomplete
            label={t('upstream.model')}
            placeholder={t('upstream.anyModel')}
            data={probe?.kind === 'found' ? [...new Set(probe.models)] : []}
            value={model}
            onChange={setModel}
          />
          <KeyField hasKey={used?.hasKey ?? false} value={apiKey} onChange={setApiKey} />
        </div>
        {error && <ErrorCard error={error} compact />}
        <div className={classes.foot}>
          <span className={classes.result} aria-live="polite">
            {probe?.kind === 'found' && t('upstream.found', { count: probe.models.length })}
          </span>
          <Button loading={test.pending} onClick={() => ifValid(test.run)}>
            {t('upstream.test')}
          </Button>
          <Button type="submit" variant="filled" loading={use.pending} disabled={baseUrl === ''}>
            {t('use')}
          </Button>
        </div>
      </form>
    </SourceCard>
  );
}

function KeyField(props: { hasKey: boolean; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation('models');
  const keychain = useSettingsSnapshot()?.keychain ?? true;
  const hint = !keychain
    ? t('upstream.keySession')
    : props.hasKey
      ? t('upstream.keyKept')
      : t('upstream.keyHint');
  return (
    <PasswordInput
      label={t('upstream.key')}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autoComplete="off"
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
