import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { IconPlus, IconSearch, IconTrash } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SkillSummary } from '../../../shared/skills/skills-contract.ts';
import { StatusDot, type Tone } from '../../ui/status-dot.tsx';
import { isDirty } from './skill-documents.ts';
import classes from './skills.module.css';
import { useOpenSkill, useSkillsStore } from './skills-hooks.ts';

interface SkillListProps {
  readonly skills: readonly SkillSummary[];
  readonly onCreate: () => void;
  readonly onDelete: (id: string) => void;
}

export function SkillList({ skills, onCreate, onDelete }: SkillListProps) {
  const { t } = useTranslation('skills');
  const [filter, setFilter] = useState('');
  const shown = skills.filter((skill) => matches(skill, filter));
  return (
    <nav className={classes.side} aria-label={t('list')}>
      <div className={classes.sideHead}>
        <TextInput
          className={classes.filter}
          size="xs"
          leftSection={<IconSearch size={14} aria-hidden />}
          placeholder={t('filter')}
          aria-label={t('filter')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Tooltip label={t('new')}>
          <ActionIcon aria-label={t('new')} onClick={onCreate}>
            <IconPlus size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      <ul className={classes.list} onKeyDown={moveFocus}>
        {shown.map((skill) => (
          <SkillRow key={skill.id} skill={skill} onDelete={onDelete} />
        ))}
      </ul>
      {skills.length > 0 && shown.length === 0 && (
        <p className={classes.noMatch}>{t('noMatch', { filter })}</p>
      )}
    </nav>
  );
}

function SkillRow({ skill, onDelete }: { skill: SkillSummary; onDelete: (id: string) => void }) {
  const { t } = useTranslation('skills');
  const skills = useSkillsStore();
  const isSelected = useStore(skills.store, (state) => state.selected === skill.id);
  const open = useOpenSkill(skill.id);
  const dirty = open !== undefined && isDirty(open);
  const state = t(`state.${skill.live}`);
  return (
    <li className={classes.row} data-selected={isSelected || undefined}>
      <button
        type="button"
        className={classes.rowButton}
        aria-current={isSelected ? 'true' : undefined}
        title={`${skill.description}\n${state}`.trim()}
        onClick={() => void skills.select(skill.id)}
      >
        <StatusDot tone={toneOf(skill)} />
        <span className={classes.rowName}>{skill.id}</span>
        <span className={classes.visuallyHidden}>{state}</span>
        {dirty && <i className={classes.dirty} role="img" aria-label={t('unsaved')} title={t('unsaved')} />}
      </button>
      <ActionIcon
        className={classes.rowDelete}
        size={22}
        aria-label={t('deleteNamed', { name: skill.id })}
        onClick={() => onDelete(skill.id)}
      >
        <IconTrash size={14} />
      </ActionIcon>
    </li>
  );
}

function matches(skill: SkillSummary, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/);
  const text = `${skill.id} ${skill.description}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function toneOf(skill: SkillSummary): Tone {
  if (skill.live === 'last_good') return 'bad';
  const hasError = skill.diagnostics.some((found) => found.severity === 'error');
  if (hasError) return 'bad';
  if (skill.live === 'live')
    return skill.diagnostics.some((found) => found.severity === 'warning') ? 'warn' : 'ok';
  return skill.live === 'not_loaded' ? 'warn' : 'idle';
}

/** Arrow keys go from row to row, as in any list. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(`.${classes.rowButton}`)];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
