import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SkillSummary } from '../../../shared/skills/skills-contract.ts';
import classes from './chat.module.css';
import { useChat, useChatStore } from './chat-hooks.ts';

/** Which skills the next question may use. */
export function SkillMenu({ skills }: { skills: readonly SkillSummary[] }) {
  const { t } = useTranslation('chat');
  const chat = useChatStore();
  const selection = useChat((state) => state.skills);
  const isNamed = typeof selection !== 'string';
  const choice = isNamed ? selection.join(', ') : t(`skills.${selection}`);
  const check = (isOn: boolean) => (
    <IconCheck size={14} style={{ visibility: isOn ? 'visible' : 'hidden' }} aria-hidden />
  );
  return (
    <Menu position="top-start" width={320}>
      <Menu.Target>
        <UnstyledButton className={classes.skillButton} data-named={isNamed || undefined}>
          {t('skills.button', { choice })} ▾
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {(['auto', 'none'] as const).map((mode) => (
          <Menu.Item key={mode} leftSection={check(selection === mode)} onClick={() => chat.setSkills(mode)}>
            {t(`skills.${mode}Long`)}
          </Menu.Item>
        ))}
        {skills.length > 0 && <Menu.Label>{t('skills.only')}</Menu.Label>}
        {skills.map(({ id, name }) => (
          <Menu.Item
            key={id}
            leftSection={check(isNamed && selection.includes(name))}
            onClick={() => chat.setSkills([name])}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
