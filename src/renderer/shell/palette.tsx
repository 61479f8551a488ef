import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Kbd } from '../ui/kbd.tsx';
import { type Command, type CommandGroup, useCommandList } from './commands.ts';

const GROUPS: readonly CommandGroup[] = ['stack', 'skills', 'chat', 'go', 'view', 'app'];

/** Every action of the app, a few letters away. */
export function Palette() {
  const { t } = useTranslation('shell');
  const commands = useCommandList().filter((command) => !command.disabled);
  const actions: SpotlightActionGroupData[] = GROUPS.map((group) => ({
    group: t(`palette.groups.${group}`),
    actions: commands.filter((command) => command.group === group).map(toAction),
  })).filter((group) => group.actions.length > 0);
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      highlightQuery
      scrollable
      maxHeight={420}
      size={560}
      attributes={{ content: { 'aria-label': t('palette.open') } }}
      nothingFound={t('palette.empty')}
      searchProps={{
        leftSection: <IconSearch size={17} stroke={1.6} aria-hidden />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
      }}
    />
  );
}

function toAction(command: Command) {
  const Icon = command.icon;
  return {
    id: command.id,
    label: command.title,
    ...(command.description ? { description: command.description } : {}),
    ...(command.keywords ? { keywords: [...command.keywords] } : {}),
    ...(Icon ? { leftSection: <Icon size={16} stroke={1.6} aria-hidden /> } : {}),
    ...(command.shortcut ? { rightSection: <Kbd keys={command.shortcut} /> } : {}),
    onClick: () => {
      command.run();
    },
  };
}
