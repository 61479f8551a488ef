import type { TFunction } from 'i18next';
import type { AppErrorData } from '../../shared/errors/app-error.ts';

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
    ...translatedWords(t, error),
  };
  const title = t(`${error.code}.title`, { ...params, defaultValue: error.message });
  const hint = t(`${error.code}.hint`, { ...params, defaultValue: error.hint ?? '' });
  const translated = filledDetail(t, error, params);
  const detail = translated ?? (error.message && error.message !== title ? error.message : undefined);
  return { title, detail, hint, isDetailEnglish: translated === undefined };
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

function translatedWords(t: TFunction<'errors'>, { code, params }: AppErrorData): Record<string, string> {
  const words: Record<string, string> = {};
  for (const name of ['expected', 'found']) {
    const word = params[name];
    // What stands in the file is quoted as it is.
    if (code === 'compose.invalid' && typeof word === 'string' && /^[a-z ]+$/.test(word))
      words[name] = t(`${code}.words.${word}`, { defaultValue: word });
  }
  return words;
}

function lastPart(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
