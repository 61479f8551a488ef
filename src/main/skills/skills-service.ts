import { createHash } from 'node:crypto';
import {
  formatSkillTemplate,
  type SkillsSnapshot as GatewaySkills,
  parseSkill,
} from '@skilldeck/agent-skills';
import { watch } from 'chokidar';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type {
  LiveProof,
  SaveResult,
  SkillDiagnostic,
  SkillDocument,
  SkillSummary,
  SkillsSnapshot,
} from '../../shared/skills/skills-contract.ts';
import type { GatewayClient } from '../gateway/gateway-client.ts';
import type { Logger } from '../lifetime/logger.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import { toSkillName } from './skill-name.ts';
import { MAX_SKILL_BYTES, type SkillFile, type SkillRepository } from './skill-repository.ts';

export interface SkillsServiceDeps {
  readonly repository: SkillRepository;
  readonly gateway: GatewayClient;
  readonly logger: Logger;
  /** Milliseconds on a monotonic clock. */
  readonly monotonicNow: () => number;
}

const NEW_DESCRIPTION = 'Says what this skill does. Use when the user asks for …';
const SETTLE_MS = 60;
/** Some file systems lose events (network shares, bind mounts); this is the net under the watcher. */
const POLL_MS = 2000;

/** The workspace's skills: what is on disk, what is wrong with it, and what the gateway has made of it. */
export class SkillsService {
  readonly #deps: SkillsServiceDeps;
  readonly #publisher = new StatePublisher<SkillsSnapshot>(
    { seq: 0, skills: [], gateway: { kind: 'not_running' } },
    50,
  );
  readonly #end = new AbortController();
  #refreshing: Promise<void> | undefined;
  #again = false;
  #fingerprint = '';
  #seq = 0;

  constructor(deps: SkillsServiceDeps) {
    this.#deps = deps;
  }

  /** Reads the skills once and follows the disk until {@link dispose}. */
  async open(): Promise<void> {
    await this.refresh();
    const watcher = watch(this.#deps.repository.root, {
      ignoreInitial: true,
      depth: 2,
      awaitWriteFinish: false,
    });
    let timer: NodeJS.Timeout | undefined;
    watcher.on('all', () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.refresh(), SETTLE_MS);
    });
    watcher.on('error', (error) => this.#deps.logger.warn({ err: error }, 'watching the skills failed'));
    const poll = setInterval(() => {
      if (this.#publisher.subscriberCount > 0) void this.refresh();
    }, POLL_MS);
    this.#end.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      clearInterval(poll);
      void watcher.close();
    });
  }

  dispose(): void {
    this.#end.abort();
  }

  subscribe(signal?: AbortSignal): AsyncGenerator<SkillsSnapshot, void, void> {
    return this.#publisher.subscribe(signal);
  }

  get snapshot(): SkillsSnapshot {
    return this.#publisher.value;
  }

  async read(id: string): Promise<SkillDocument> {
    const file = await this.#deps.repository.read(id);
    return { id, text: file.text, version: file.version, diagnostics: diagnose(file) };
  }

  /** Writes, has the gateway load it, and says what came of it. A conflict is an answer, not a fault. */
  async save(input: { id: string; text: string; baseVersion: string | null }): Promise<SaveResult> {
    const startedAt = this.#deps.monotonicNow();
    const { repository } = this.#deps;
    if (input.baseVersion !== null) {
      const onDisk = await repository.version(input.id);
      if (onDisk === undefined) return { kind: 'deleted' };
      if (onDisk !== input.baseVersion) return { kind: 'conflict', current: await this.read(input.id) };
    }
    const version = await repository.write(input.id, input.text);
    const live = await this.#prove(input.id, version, startedAt);
    void this.refresh();
    return { kind: 'saved', version, diagnostics: diagnoseText(input.id, input.text), live };
  }

  async create(typed: string): Promise<SkillDocument> {
    const name = toSkillName(typed);
    if (name === '')
      throw new AppError('skill.invalid_name', phrase('skill_no_name', { typed }), {
        hint: 'Use lower-case letters, digits and hyphens.',
        params: { name: typed },
      });
    if (await this.#deps.repository.exists(name))
      throw new AppError('skill.exists', phrase('skill_exists', { name }), { params: { id: name } });
    await this.#deps.repository.write(name, formatSkillTemplate({ name, description: NEW_DESCRIPTION }));
    await this.#reloadQuietly();
    await this.refresh();
    return this.read(name);
  }

  async remove(id: string): Promise<void> {
    await this.#deps.repository.remove(id);
    await this.#reloadQuietly();
    await this.refresh();
  }

  /** Reads disk and gateway again; calls that come meanwhile are answered by one more round. */
  refresh(): Promise<void> {
    if (this.#refreshing !== undefined) {
      this.#again = true;
      return this.#refreshing;
    }
    this.#refreshing = this.#refreshUntilQuiet().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refreshUntilQuiet(): Promise<void> {
    do {
      this.#again = false;
      try {
        await this.#refreshOnce();
      } catch (error) {
        this.#deps.logger.warn({ err: error }, 'the skills could not be read');
      }
    } while (this.#again && !this.#end.signal.aborted);
  }

  async #refreshOnce(): Promise<void> {
    const files = await this.#deps.repository.list();
    const gateway = await this.#gatewaySkills();
    const skills = files.map((file) => summarise(file, gateway));
    const state: SkillsSnapshot['gateway'] =
      gateway === undefined ? { kind: 'not_running' } : { kind: 'live', generation: gateway.generation };
    const fingerprint = JSON.stringify([skills, state]);
    if (fingerprint === this.#fingerprint) return;
    this.#fingerprint = fingerprint;
    this.#seq += 1;
    this.#publisher.publish({ seq: this.#seq, skills, gateway: state });
  }

  async #gatewaySkills(): Promise<GatewaySkills | undefined> {
    if (!this.#deps.gateway.isUp) return undefined;
    return this.#deps.gateway.skills(this.#end.signal).catch(() => undefined);
  }

  async #prove(id: string, version: string, startedAt: number): Promise<LiveProof> {
    if (!this.#deps.gateway.isUp) return { kind: 'gateway_not_running' };
    try {
      const answer = await this.#deps.gateway.reloadSkills({ name: id, sha256: version });
      return answer.expected?.live === false
        ? { kind: 'last_good', generation: answer.generation }
        : { kind: 'live', generation: answer.generation, elapsedMs: this.#deps.monotonicNow() - startedAt };
    } catch (error) {
      const fault = toAppError(error);
      return fault.code === 'gateway.not_running'
        ? { kind: 'gateway_not_running' }
        : { kind: 'gateway_failed', message: fault.message };
    }
  }

  async #reloadQuietly(): Promise<void> {
    if (!this.#deps.gateway.isUp) return;
    await this.#deps.gateway
      .reloadSkills()
      .catch((error: unknown) =>
        this.#deps.logger.warn({ err: error }, 'the gateway did not reload its skills'),
      );
  }
}

function diagnoseText(id: string, text: string): SkillDiagnostic[] {
  return parseSkill(text, { directoryName: id }).diagnostics.map((item) => ({
    ...item,
    params: { ...item.params },
  }));
}

function diagnose(file: SkillFile): SkillDiagnostic[] {
  if (file.kind === 'text') return diagnoseText(file.id, file.text);
  const place = { severity: 'error', line: 1, column: 1 } as const;
  switch (file.reason) {
    case 'too_large':
      return [
        {
          ...place,
          code: 'skill.too_large',
          message: `SKILL.md is larger than ${MAX_SKILL_BYTES} bytes.`,
          params: { bytes: file.bytes, limit: MAX_SKILL_BYTES },
        },
      ];
    case 'not_utf8':
      return [{ ...place, code: 'skill.not_utf8', message: 'SKILL.md is not UTF-8 text.', params: {} }];
    case 'outside':
      return [
        { ...place, code: 'skill.outside', message: 'SKILL.md lies outside the workspace.', params: {} },
      ];
    case 'missing':
      return [{ ...place, code: 'skill.not_found', message: 'There is no SKILL.md.', params: {} }];
  }
}

function summarise(file: SkillFile, gateway: GatewaySkills | undefined): SkillSummary {
  const parsed = file.kind === 'text' ? parseSkill(file.text, { directoryName: file.id }) : undefined;
  const skill = parsed?.kind === 'ok' ? parsed.skill : undefined;
  return {
    id: file.id,
    name: skill?.name ?? file.id,
    description: skill?.description ?? '',
    bytes: file.bytes,
    version: file.kind === 'text' ? file.version : unreadableVersion(file),
    modifiedAt: file.modifiedAt,
    diagnostics: diagnose(file),
    live: liveState(file, gateway),
  };
}

function liveState(file: SkillFile, gateway: GatewaySkills | undefined): SkillSummary['live'] {
  if (gateway === undefined) return 'unknown';
  const entry = gateway.skills.find((skill) => skill.directory === file.id);
  if (entry === undefined) return 'not_loaded';
  return entry.state === 'last-good' ? 'last_good' : 'live';
}

function unreadableVersion(file: SkillFile): string {
  return createHash('sha256').update(`${file.bytes}:${file.modifiedAt}`).digest('hex');
}
