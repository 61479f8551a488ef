import { text } from './language.js';

const element = (id) => document.getElementById(id);

/** Asks; resolves to true, or to the text typed when `value` is given, or to undefined when cancelled. */
export function ask({ title, lead, ok, danger = false, value }) {
  const dialog = element('dialog');
  const input = element('dialog-input');
  element('dialog-title').textContent = title;
  element('dialog-text').textContent = lead;
  element('dialog-ok').textContent = ok;
  element('dialog-ok').classList.toggle('danger', danger);
  element('dialog-field').hidden = value === undefined;
  input.value = value ?? '';
  input.required = value !== undefined;
  dialog.querySelector('[value="cancel"]').textContent = text('cancel');
  dialog.returnValue = 'cancel';
  // Enter must not choose Cancel, which stands first for the eye.
  const enter = (event) => {
    if (event.key !== 'Enter' || event.target !== input) return;
    event.preventDefault();
    if (input.value.trim() !== '') dialog.close('ok');
  };
  dialog.addEventListener('keydown', enter);
  dialog.showModal();
  if (value === undefined) element('dialog-ok').focus();
  else input.select();
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        dialog.removeEventListener('keydown', enter);
        if (dialog.returnValue !== 'ok') resolve(undefined);
        else resolve(value === undefined ? true : input.value.trim());
      },
      { once: true },
    );
  });
}
