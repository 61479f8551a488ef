import type { KeyView } from '@skilldeck/agent-skills';
import { describe, expect, it } from 'vitest';
import { NEW_KEY, settingsOf, toForm, toSettings } from './key-form.ts';

const NOW = new Date('2026-05-01T12:00:00').getTime();
const problemsOf = (change: object) => {
  const result = toSettings({ ...NEW_KEY, name: 'ann', ...change }, NOW);
  return 'problems' in result ? [...result.problems] : [];
};

describe('the form of a key', () => {
  it('leaves out what is not limited', () => {
    expect(toSettings({ ...NEW_KEY, name: ' ann ' }, NOW)).toEqual({
      settings: {
        name: 'ann',
        scopes: ['inference', 'models'],
        weight: 1,
        priority: 'interactive',
        limits: {},
        disabled: false,
      },
    });
  });

  it('gives a key back as it was read', () => {
    const settings = {
      name: 'ann',
      scopes: ['inference' as const],
      models: ['small'],
      weight: 3,
      priority: 'batch' as const,
      skills: ['docs'],
      limits: { requestsPerMinute: 5, tokensPerDay: 100 },
      expiresAt: new Date('2026-06-30T23:59:59').toISOString(),
      disabled: true,
    };
    const usage = { requests: 1, promptTokens: 2, completionTokens: 3, tokensToday: 5, tokensThisMonth: 5 };
    const view: KeyView = { ...settings, id: 'k', createdAt: '2026-01-01T00:00:00Z', usage };
    expect(toSettings(toForm(view), NOW)).toEqual({ settings });
    expect(settingsOf(view)).toEqual(settings);
  });

  it('names the fields that are not right', () => {
    expect(problemsOf({ name: ' ' })).toEqual(['name']);
    expect(problemsOf({ scopes: [] })).toEqual(['scopes']);
    expect(problemsOf({ weight: '' })).toEqual(['weight']);
    expect(problemsOf({ lastDay: '2026-04-30' })).toEqual(['lastDay']);
    expect(problemsOf({ lastDay: '2026-05-01' })).toEqual([]);
    expect(problemsOf({ skills: 'list' })).toEqual(['skills']);
    expect(problemsOf({ limits: { ...NEW_KEY.limits, concurrent: 0, tokensPerDay: 1.5 } })).toEqual([
      'concurrent',
      'tokensPerDay',
    ]);
  });
});
