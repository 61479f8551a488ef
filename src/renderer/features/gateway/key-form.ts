import { type KeyScope, type KeySettings, KeySettingsSchema, type KeyView } from '@skilldeck/agent-skills';

export const SCOPES = ['inference', 'models'] as const satisfies readonly KeyScope[];
export const LIMITS = [
  'requestsPerMinute',
  'tokensPerMinute',
  'concurrent',
  'tokensPerDay',
  'tokensPerMonth',
] as const;
export type LimitName = (typeof LIMITS)[number];

/** What the fields of the dialog hold; an empty limit is none. */
export interface KeyForm {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly models: readonly string[];
  readonly limits: Readonly<Record<LimitName, number | ''>>;
  readonly weight: number | '';
  readonly priority: KeySettings['priority'];
  readonly skills: 'default' | 'auto' | 'none' | 'list';
  readonly skillNames: readonly string[];
  /** Last day, as `2026-12-31` in the person's own time; empty: for ever. */
  readonly lastDay: string;
  readonly disabled: boolean;
}

export type KeyProblem = 'name' | 'scopes' | 'weight' | 'lastDay' | 'skills' | LimitName;

const NO_LIMITS: KeyForm['limits'] = {
  requestsPerMinute: '',
  tokensPerMinute: '',
  concurrent: '',
  tokensPerDay: '',
  tokensPerMonth: '',
};

export const NEW_KEY: KeyForm = {
  name: '',
  scopes: ['inference', 'models'],
  models: [],
  limits: NO_LIMITS,
  weight: 1,
  priority: 'interactive',
  skills: 'default',
  skillNames: [],
  lastDay: '',
  disabled: false,
};

export function toForm({
  disabled,
  expiresAt,
  limits,
  models,
  name,
  priority,
  scopes,
  skills,
  weight,
}: KeyView): KeyForm {
  const isList = Array.isArray(skills);
  return {
    name,
    scopes,
    models: models ?? [],
    limits: withEmpty(limits),
    weight,
    priority,
    skills: skills === undefined ? 'default' : isList ? 'list' : (skills as 'auto' | 'none'),
    skillNames: isList ? skills : [],
    lastDay: expiresAt === undefined ? '' : dayOf(new Date(expiresAt)),
    disabled,
  };
}

function withEmpty(limits: KeyView['limits']): KeyForm['limits'] {
  const entries = LIMITS.map((name) => [name, limits[name] ?? ''] as const);
  return Object.fromEntries(entries) as KeyForm['limits'];
}

/** The settings, or the fields that are not right. @param now milliseconds since the epoch */
export function toSettings(
  form: KeyForm,
  now: number,
): { readonly settings: KeySettings } | { readonly problems: ReadonlySet<KeyProblem> } {
  const problems = new Set<KeyProblem>();
  const end = form.lastDay === '' ? undefined : new Date(`${form.lastDay}T23:59:59`);
  if (end !== undefined && !(end.getTime() > now)) problems.add('lastDay');
  if (form.skills === 'list' && form.skillNames.length === 0) problems.add('skills');
  if (form.weight === '') problems.add('weight');
  const limits = Object.fromEntries(Object.entries(form.limits).filter(([, value]) => value !== ''));
  const parsed = KeySettingsSchema.safeParse({
    name: form.name,
    scopes: form.scopes,
    ...(form.models.length === 0 ? {} : { models: form.models }),
    weight: form.weight === '' ? 1 : form.weight,
    priority: form.priority,
    ...(form.skills === 'default' ? {} : { skills: form.skills === 'list' ? form.skillNames : form.skills }),
    limits,
    ...(end === undefined || problems.has('lastDay') ? {} : { expiresAt: end.toISOString() }),
    disabled: form.disabled,
  });
  for (const { path } of parsed.error?.issues ?? []) {
    const field = String(path[0] === 'limits' ? path[1] : path[0]);
    problems.add(field === 'models' ? 'name' : (field as KeyProblem));
  }
  return parsed.success && problems.size === 0 ? { settings: parsed.data } : { problems };
}

/** The settings of a key without what only the gateway says of it. */
export function settingsOf({
  createdAt: _createdAt,
  id: _id,
  usage: _usage,
  ...settings
}: KeyView): KeySettings {
  return settings;
}

function dayOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
