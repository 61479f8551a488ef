import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { formatKeys } from '../ui/kbd.tsx';
import classes from './nav-rail.module.css';
import { PAGES } from './pages.ts';
import { navigate, useUiStore } from './ui-store.ts';

const STEP: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

export function NavRail() {
  const { t } = useTranslation('shell');
  const current = useUiStore((state) => state.page);
  const rail = useRef<HTMLElement>(null);

  const handleKey = (event: KeyboardEvent) => {
    const buttons = [...(rail.current?.querySelectorAll('button') ?? [])];
    const index = buttons.indexOf(event.target as HTMLButtonElement);
    const step = STEP[event.key];
    const next =
      event.key === 'Home'
        ? buttons[0]
        : event.key === 'End'
          ? buttons.at(-1)
          : step && buttons[(index + step + buttons.length) % buttons.length];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <nav className={classes.rail} aria-label={t('navigation')} ref={rail}>
      {PAGES.map((page, index) => (
        <button
          key={page.id}
          type="button"
          className={classes.item}
          aria-current={page.id === current ? 'page' : undefined}
          title={formatKeys(`mod+${index + 1}`, false)}
          onClick={() => navigate(page.id)}
          onKeyDown={handleKey}
        >
          <page.icon size={16} stroke={1.6} aria-hidden />
          {t(`pages.${page.id}`)}
        </button>
      ))}
    </nav>
  );
}
