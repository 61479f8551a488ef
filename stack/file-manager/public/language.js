import { MESSAGES } from './messages.js';

const KEPT = 'skilldeck-files-language';
let language = localStorage.getItem(KEPT) ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
if (!(language in MESSAGES)) language = 'en';

/** The text of a key in the chosen language, with `{name}` filled in. */
export function text(key, params = {}) {
  return fill(MESSAGES[language][key] ?? MESSAGES.en[key] ?? key, params);
}

/** What to show for an error of the service: our words when we have them, else its own sentence and hint. */
export function errorText(error) {
  const own = MESSAGES[language].errors[error.code];
  return own === undefined ? `${error.message} ${error.hint ?? ''}`.trim() : fill(own, error.params ?? {});
}

function fill(pattern, params) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole));
}

/** Writes every `data-text` and `data-label` of the page. */
export function translatePage() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = `Skilldeck · ${text('title')}`;
  for (const element of document.querySelectorAll('[data-text]'))
    element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', text(element.dataset.label));
    if (element.type === 'search') element.placeholder = text(element.dataset.label);
  }
  document.getElementById('language').textContent = text('otherLanguage');
}

export function switchLanguage() {
  language = language === 'en' ? 'zh' : 'en';
  localStorage.setItem(KEPT, language);
  translatePage();
}

export function formatSize(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const options = {
    style: 'unit',
    unit: units[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  };
  return new Intl.NumberFormat(document.documentElement.lang, options).format(bytes / 1000 ** step);
}

export function formatDate(milliseconds) {
  return new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(milliseconds);
}
