import type { TFunction } from 'i18next';
import type { AppErrorData } from '../../shared/errors/app-error.ts';
import { inEnglish, type Phrase } from '../../shared/errors/phrases/phrase.ts';

export interface PresentedError {
  readonly title: string;
  /** What exactly happened; absent when it adds nothing. */
  readonly detail: string | undefined;
  /** The detail is main's own sentence: there is no text for it, or the error carries too little to fill it. */
  readonly isDetailEnglish: boolean;
  readonly hint: string;
}

/** The texts of an error in the language of `t`, by its code. */
export function presentError(t: TFunction<'errors'>, error: AppErrorData): PresentedError {
  const params: Record<string, string | number> = {
    ...error.params,
    ...(error.params.service ? { context: 'service' } : {}),
    ...(error.params.file ? { fileName: lastPart(String(error.params.file)) } : {}),
  };
  for (const [name, phrase] of Object.entries(error.phrases?.params ?? {}))
    params[name] = presentPhrase(t, phrase);
  const title = t(`${error.code}.title`, { ...params, defaultValue: error.message });
  const hint = t(`${error.code}.hint`, { ...params, defaultValue: error.hint ?? '' });
  const message = error.phrases?.message;
  const translated = filledDetail(t, error, params) ?? (message && presentPhrase(t, message));
  const said = translated ?? error.message;
  const detail = withoutStop(said) === withoutStop(title) ? undefined : said || undefined;
  return { title, detail, hint, isDetailEnglish: translated === undefined };
}

/** A phrase in the language of `t`; what it quotes is the same in both. */
export function presentPhrase(t: TFunction<'errors'>, phrase: Phrase): string {
  const values = Object.entries(phrase.params).map(([name, value]): [string, string | number] => [
    name,
    typeof value === 'object' ? presentPhrase(t, value) : value,
  ]);
  return t(phrase.key, { ...Object.fromEntries(values), ns: 'phrases', defaultValue: inEnglish(phrase) });
}

/** Half a sentence would be worse than an English one: undefined unless every placeholder has its value. */
function filledDetail(
  t: TFunction<'errors'>,
  error: AppErrorData,
  params: Readonly<Record<string, string | number>>,
): string | undefined {
  const key = `${error.code}.detail`;
  const template: string = t(key, { defaultValue: '', skipInterpolation: true });
  const names = [...template.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '');
  const isFilled = names.every((name) => params[name] !== undefined && params[name] !== '');
  return template !== '' && isFilled ? t(key, { ...params, defaultValue: '' }) : undefined;
}

function withoutStop(text: string): string {
  return text.replace(/[.。]$/, '');
}

function lastPart(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
