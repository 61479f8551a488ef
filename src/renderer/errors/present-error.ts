import type { TFunction } from 'i18next';
import type { AppErrorData } from '../../shared/errors/app-error.ts';

export interface PresentedError {
  readonly title: string;
  /** What exactly happened, as main said it (English); absent when it adds nothing. */
  readonly detail: string | undefined;
  readonly hint: string;
}

/** The texts of an error in the language of `t`, by its code. */
export function presentError(t: TFunction<'errors'>, error: AppErrorData): PresentedError {
  const params = { ...error.params, ...(error.params.service ? { context: 'service' } : {}) };
  const title = t(`${error.code}.title`, { ...params, defaultValue: error.message });
  const hint = t(`${error.code}.hint`, { ...params, defaultValue: error.hint ?? '' });
  const detail = error.message && error.message !== title ? error.message : undefined;
  return { title, detail, hint };
}
