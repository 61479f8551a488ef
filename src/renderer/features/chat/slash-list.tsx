import { useTranslation } from 'react-i18next';
import type { SkillSummary } from '../../../shared/skills/skills-contract.ts';
import classes from './chat.module.css';

interface SlashListProps {
  readonly id: string;
  readonly skills: readonly SkillSummary[];
  readonly active: number;
  readonly onPick: (name: string) => void;
}

/** What `/` offers; the composer keeps the focus and moves the choice. */
export function SlashList({ id, skills, active, onPick }: SlashListProps) {
  const { t } = useTranslation('chat');
  if (skills.length === 0) return <p className={classes.slash}>{t('skills.noMatch')}</p>;
  return (
    <div className={classes.slash} id={id} role="listbox" aria-label={t('skills.list')}>
      {skills.map((skill, index) => (
        // The textarea handles the keys: it points here by aria-activedescendant.
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div
          key={skill.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={classes.slashOption}
          onClick={() => onPick(skill.name)}
        >
          <b>/{skill.name}</b>
          <span>{skill.description}</span>
        </div>
      ))}
    </div>
  );
}
