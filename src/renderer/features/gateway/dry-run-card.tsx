import { Button, Textarea } from '@mantine/core';
import type { SkillDryRun } from '@skilldeck/agent-skills';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { useAction } from '../../rpc/use-action.ts';
import classes from './gateway.module.css';
import keyClasses from './keys.module.css';

/** Says which skills a text would be answered with, and why, without asking a model. */
export function DryRunCard() {
  const { t } = useTranslation('keys');
  const client = useClient();
  const [text, setText] = useState('');
  const [result, setResult] = useState<SkillDryRun>();
  const ask = useAction(
    async (words: string) => {
      setResult(await client.gateway.skills.dryRun({ text: words }));
    },
    { onError: 'inline' },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') void ask.run(text);
  };
  return (
    <section className={classes.card} aria-label={t('dryRun.title')}>
      <h2>{t('dryRun.title')}</h2>
      <form onSubmit={submit} className={keyClasses.tryForm}>
        <Textarea
          aria-label={t('dryRun.label')}
          placeholder={t('dryRun.placeholder')}
          autosize
          minRows={1}
          maxRows={5}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" loading={ask.pending} disabled={text.trim() === ''}>
          {t('dryRun.ask')}
        </Button>
      </form>
      {ask.error && <ErrorCard compact error={ask.error} />}
      {result && <Reasons result={result} />}
    </section>
  );
}

function Reasons({ result }: { result: SkillDryRun }) {
  const { t } = useTranslation('keys');
  const { applied, byTool, countedBy, leftOut, near, systemTokens } = result;
  const words = (terms: readonly string[] = []) => terms.join(', ');
  return (
    <div role="status">
      <ul className={keyClasses.reasons}>
        {applied.map(({ cause, name, score = 0, terms, tokens }) => (
          <li key={name}>
            <b>{name}</b>
            <span>
              {t(`dryRun.${cause}`, { score: score.toFixed(1), terms: words(terms) })}
              {' · '}
              {t('tokens', { value: tokens })}
            </span>
          </li>
        ))}
        {applied.length === 0 && (
          <li>
            <span>{t(byTool ? 'dryRun.byTool' : 'dryRun.none')}</span>
          </li>
        )}
        {leftOut.map(({ name, tokens }) => (
          <li key={name}>
            <b>{name}</b>
            <span>{t('dryRun.leftOut', { tokens })}</span>
          </li>
        ))}
        {near.map(({ name, score, terms }) => (
          <li key={name}>
            <span>{t('dryRun.near', { name, score: score.toFixed(1), terms: words(terms) })}</span>
          </li>
        ))}
      </ul>
      {systemTokens > 0 && (
        <p className={classes.nothing}>
          {t(countedBy === 'model' ? 'dryRun.counted' : 'dryRun.estimated', { tokens: systemTokens })}
        </p>
      )}
    </div>
  );
}
