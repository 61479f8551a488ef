import type { ChatMessage, ConversationSummary } from '../../shared/chat/chat-contract.ts';
import type { ModelsSnapshot } from '../../shared/models/models-contract.ts';
import type { SettingsSnapshot } from '../../shared/settings/settings-contract.ts';
import type { SkillDocument, SkillsSnapshot } from '../../shared/skills/skills-contract.ts';

export const SAMPLE_SKILLS: readonly SkillDocument[] = [
  {
    id: 'release-notes',
    version: 'v1',
    diagnostics: [
      {
        code: 'reference_missing',
        severity: 'warning',
        message: 'references/voice.md does not exist.',
        params: { path: 'references/voice.md' },
        line: 12,
        column: 23,
      },
    ],
    text: `---
name: release-notes
description: Turns a list of merged changes into release notes. Use when
  the user pastes commits or asks what changed in a version.
license: MIT
---

# Release notes

Group by what a reader can now do, not by commit.
Lead with the change that most people will notice.
Follow the voice in references/voice.md.

## Shape
- one sentence that says what the release is for
- **New**, **Better**, **Fixed**, at most five lines each
- breaking changes first, with what to do
`,
  },
  {
    id: 'sql-reviewer',
    version: 'v1',
    diagnostics: [],
    text: '---\nname: sql-reviewer\ndescription: Reviews SQL for correctness and speed. Use when the user shows a query.\n---\n\n# SQL review\n',
  },
  {
    id: 'unit-converter',
    version: 'v1',
    diagnostics: [],
    text: '---\nname: unit-converter\ndescription: Converts units. Use when the user asks for another unit.\n---\n\n# Units\n',
  },
  {
    id: 'support-tone',
    version: 'v1',
    diagnostics: [
      {
        code: 'description_missing',
        severity: 'error',
        message: 'The front matter has no description.',
        params: {},
        line: 1,
        column: 1,
      },
    ],
    text: '---\nname: support-tone\n---\n\n# Tone\n',
  },
];

export function sampleSkills(isUp: boolean): SkillsSnapshot {
  return {
    seq: 1,
    gateway: isUp ? { kind: 'live', generation: 42 } : { kind: 'not_running' },
    skills: SAMPLE_SKILLS.map((skill) => ({
      id: skill.id,
      name: skill.id,
      description: /description: (.*)/.exec(skill.text)?.[1] ?? '',
      bytes: skill.text.length,
      version: skill.version,
      modifiedAt: 1_760_000_000_000,
      diagnostics: skill.diagnostics,
      live: !isUp
        ? ('unknown' as const)
        : skill.diagnostics.some((item) => item.severity === 'error')
          ? ('last_good' as const)
          : ('live' as const),
    })),
  };
}

export function sampleModels(isUp: boolean): ModelsSnapshot {
  return {
    seq: 1,
    source: { kind: 'demo' },
    serving: isUp
      ? { kind: 'ready', models: [{ id: 'skilldeck-demo', contextSize: 2048, demo: true }] }
      : { kind: 'gateway_not_running' },
    ...(isUp ? { queue: { inFlight: 3, waiting: 0, maxConcurrent: 50 } } : {}),
  };
}

export const SAMPLE_SETTINGS: SettingsSnapshot = {
  settings: {
    language: 'en',
    theme: 'dark',
    engine: 'auto',
    autoStartSandbox: true,
    reviewPlan: true,
    closeToTray: false,
  },
  systemLanguage: 'en',
  workspace: '/home/lin/Skilldeck',
  keychain: true,
};

export const SAMPLE_CONVERSATIONS: readonly ConversationSummary[] = [
  { id: 'c1', title: 'Notes for 2.4', updatedAt: 1_760_000_900_000, streaming: false },
  { id: 'c2', title: 'SQL review: orders view', updatedAt: 1_760_000_500_000, streaming: false },
  { id: 'c3', title: '单位换算：英里到公里', updatedAt: 1_759_900_000_000, streaming: false },
];

export const SAMPLE_MESSAGES: readonly ChatMessage[] = [
  {
    id: 'm1',
    role: 'user',
    text: 'What changed in 2.4? Commits: log search over history, safer updates, fixed a crash on a full disk.',
    createdAt: 1_760_000_800_000,
    status: 'done',
  },
  {
    id: 'm2',
    role: 'assistant',
    createdAt: 1_760_000_801_000,
    status: 'done',
    text: '**Skilldeck 2.4 makes a stack safer to change.**\n\n- **New** · Search every log line of the last 14 days.\n- **Better** · An update that does not turn healthy is rolled back by itself.\n- **Fixed** · A full disk no longer stops the panel.\n\n```sh\nskilldeck up --wait   # waits for health\n```\n',
    facts: {
      requestId: '01JD8Q2M7Q',
      model: 'skilldeck-demo',
      backend: 'llama-cpp',
      generation: 42,
      skills: ['release-notes'],
      firstTokenMs: 212,
      queuedMs: 0,
      totalMs: 2730,
      promptTokens: 914,
      completionTokens: 96,
    },
  },
];
