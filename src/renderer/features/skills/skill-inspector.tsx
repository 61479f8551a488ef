import { estimateTokens, parseSkill, SKILL_LIMITS } from '@skilldeck/agent-skills';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SkillSummary } from '../../../shared/skills/skills-contract.ts';
import { toLocale } from '../../i18n/i18n.ts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { formatBytes, formatDay } from '../../ui/format.ts';
import type { OpenSkill } from './skill-documents.ts';
import classes from './skills.module.css';

interface SkillInspectorProps {
  readonly skill: OpenSkill;
  readonly summary: SkillSummary | undefined;
}

export function SkillInspector({ skill, summary }: SkillInspectorProps) {
  const { t, i18n } = useTranslation('skills');
  const text = useDeferredValue(skill.text);
  const facts = useMemo(() => readFacts(text, skill.id), [text, skill.id]);
  const count = new Intl.NumberFormat(toLocale(i18n.language));
  const tokens = (value: number) => t('inspector.tokenCount', { formatted: count.format(value) });
  const share = Math.min(100, (facts.bodyTokens / SKILL_LIMITS.bodyTokens) * 100);
  const rows: Fact[] = [
    { label: t('inspector.size'), value: formatBytes(new Blob([text]).size) },
    ...(summary
      ? [{ label: t('inspector.changed'), value: formatDay(summary.modifiedAt, toLocale(i18n.language)) }]
      : []),
    ...(facts.license === undefined ? [] : [{ label: t('inspector.license'), value: facts.license }]),
  ];
  return (
    <aside className={classes.inspector} aria-label={t('inspector.title')}>
      <h2>{t('inspector.description')}</h2>
      <p className={classes.description} data-missing={facts.description === '' || undefined}>
        {facts.description || t('inspector.noDescription')}
      </p>
      <h2>{t('inspector.tokens')}</h2>
      <Facts
        facts={[
          { label: t('inspector.catalogue'), value: tokens(facts.catalogueTokens) },
          { label: t('inspector.applied'), value: tokens(facts.bodyTokens) },
        ]}
      />
      <div className={classes.meter} aria-hidden>
        <i style={{ width: `${share}%` }} data-over={share >= 100 || undefined} />
      </div>
      <p className={classes.hint}>
        {t('inspector.specification', {
          share: share < 1 ? '< 1' : Math.round(share),
          limit: count.format(SKILL_LIMITS.bodyTokens),
        })}{' '}
        {t('inspector.tokenHint')}
      </p>
      <h2>{t('inspector.title')}</h2>
      <Facts facts={rows} />
    </aside>
  );
}

function readFacts(text: string, id: string) {
  const parsed = parseSkill(text, { directoryName: id });
  if (parsed.kind === 'invalid')
    return { description: '', license: undefined, catalogueTokens: 0, bodyTokens: estimateTokens(text) };
  const { name, description, license, body } = parsed.skill;
  return {
    description,
    license,
    catalogueTokens: estimateTokens(`- ${name}: ${description}`),
    bodyTokens: estimateTokens(body),
  };
}
