import {
  type SkillDryRun,
  SkillDryRunSchema,
  type SkillHistory,
  SkillHistorySchema,
  SkillSelectionSchema,
} from '@skilldeck/agent-skills';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import type { RouteDoc } from '../openapi/route-doc.ts';
import { type AppliedSkill, skillIndex } from '../skills/apply-skills.ts';
import { textOf } from '../skills/message-text.ts';
import { skillsOfRequest } from '../skills/skills-of-request.ts';

const RollbackSchema = z.strictObject({ generation: z.int().min(1) });
const DryRunRequestSchema = z.strictObject({
  text: z.string().max(100_000),
  skills: SkillSelectionSchema.optional(),
});

/** What a dry run takes the text for. */
const PLAIN_CHAT = {
  operation: 'chat',
  model: undefined,
  fields: {},
  stream: false,
  skills: undefined,
  conversation: undefined,
} as const;

const DOCS = {
  history: { summary: 'Generations of skills that were in use', tag: 'admin', answer: SkillHistorySchema },
  rollback: {
    summary: 'Use the skills of a former generation, until they are released',
    tag: 'admin',
    body: RollbackSchema,
    answer: SkillHistorySchema,
  },
  release: { summary: 'Use what the files say again', tag: 'admin', answer: SkillHistorySchema },
  dryRun: {
    summary: 'Which skills a text would be answered with, and why',
    tag: 'admin',
    body: DryRunRequestSchema,
    answer: SkillDryRunSchema,
  },
} as const satisfies Record<string, RouteDoc>;

export function registerAdminSkills(app: FastifyInstance, gateway: Gateway): void {
  app.get('/admin/skills/history', { config: { doc: DOCS.history } }, () => history(gateway));

  app.post('/admin/skills/rollback', { config: { doc: DOCS.rollback } }, (request) => {
    const parsed = RollbackSchema.safeParse(request.body);
    if (!parsed.success)
      throw new GatewayError('invalid_request', 'The body must be { "generation": NUMBER }.', {
        param: 'generation',
      });
    gateway.skills.rollBack(parsed.data.generation);
    return history(gateway);
  });

  app.post('/admin/skills/release', { config: { doc: DOCS.release } }, () => {
    gateway.skills.release();
    return history(gateway);
  });

  app.post('/admin/skills/dry-run', { config: { doc: DOCS.dryRun } }, (request) => {
    const parsed = DryRunRequestSchema.safeParse(request.body);
    if (!parsed.success)
      throw new GatewayError('invalid_request', 'The body must be { "text": "…", "skills"?: … }.', {
        param: 'text',
      });
    return dryRun(gateway, parsed.data.text, parsed.data.skills);
  });
}

function history({ pins, skills }: Gateway): SkillHistory {
  const conversations = pins.counts();
  return {
    live: skills.snapshot.generation,
    ...(skills.held === undefined ? {} : { held: skills.held }),
    generations: skills.history.list.map(({ changed, snapshot }) => ({
      generation: snapshot.generation,
      sha256: snapshot.sha256,
      loadedAt: snapshot.loadedAt,
      changed: [...changed],
      skills: snapshot.skills.length,
      conversations: conversations.get(snapshot.generation) ?? 0,
    })),
  };
}

function dryRun(
  gateway: Gateway,
  text: string,
  selection: z.infer<typeof SkillSelectionSchema> | undefined,
): SkillDryRun {
  const { snapshot } = gateway.skills;
  const request = { ...PLAIN_CHAT, messages: [{ role: 'user', content: text }] } as const;
  const applied = skillsOfRequest(gateway, snapshot, request, selection);
  const names = new Set([...applied.skills, ...applied.leftOut].map(({ name }) => name));
  const [first] = applied.messages;
  const system = first?.role === 'system' ? textOf(first) : '';
  return {
    generation: snapshot.generation,
    applied: applied.skills.map(toWire),
    leftOut: applied.leftOut.map(({ name, tokens }) => ({ name, tokens })),
    near: skillIndex(snapshot)
      .score(text)
      .filter(({ name }) => !names.has(name))
      .sort((a, b) => b.score - a.score)
      .slice(0, 10)
      .map(({ name, score, terms }) => ({ name, score, terms: [...terms] })),
    system,
    systemTokens: system === '' ? 0 : gateway.tokens.of(system, applied.backend),
    countedBy: system !== '' && gateway.tokens.isCounted(system, applied.backend) ? 'model' : 'estimate',
    byTool: applied.byTool,
  };
}

function toWire({ cause, name, tokens }: AppliedSkill): SkillDryRun['applied'][number] {
  return {
    name,
    cause: cause.kind,
    tokens,
    ...(cause.kind === 'matched' ? { score: cause.score, terms: [...cause.terms] } : {}),
  };
}
