let opener: HTMLElement | undefined;

/** Longer than the dialogs' own attempt, which knows only the item of a menu, and that is gone by then. */
const AFTER_MS = 30;

/** Before a dialog opens: who had the focus, or whose menu it was. A dialog that follows another goes back as far. */
export function rememberOpener(): void {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active.closest('[role="dialog"]')) return;
  const menu = active.closest('[role="menu"]');
  opener = (menu ? openMenuButton() : active) ?? undefined;
}

/** When it closes: the focus goes back there, unless something else has taken it. */
export function returnToOpener(): void {
  const target = opener;
  opener = undefined;
  if (!target) return;
  setTimeout(() => {
    const active = document.activeElement;
    const isFree = active === null || active === document.body || active.closest('[role="dialog"]') !== null;
    if (target.isConnected && isFree) target.focus({ preventScroll: true });
  }, AFTER_MS);
}

const openMenuButton = () =>
  document.querySelector<HTMLElement>('[aria-haspopup="menu"][aria-expanded="true"]');
