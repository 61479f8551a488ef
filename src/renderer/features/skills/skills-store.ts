import { parseSkill } from '@skilldeck/agent-skills';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type AppErrorData } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { MAX_SKILL_CHARACTERS, type SkillsSnapshot } from '../../../shared/skills/skills-contract.ts';
import type { RpcClient } from '../../rpc/client.ts';
import { readAppError } from '../../rpc/read-app-error.ts';
import { setUnsaved } from '../../shell/unsaved-store.ts';
import { SaveQueue } from './save-queue.ts';
import { applyForeignChange, isDirty, type OpenSkill, openSkill, reloadSkill } from './skill-documents.ts';

export interface SkillsState {
  readonly selected: string | undefined;
  readonly open: Readonly<Record<string, OpenSkill>>;
  /** Why the selected skill could not be read. */
  readonly readError: { readonly id: string; readonly error: AppErrorData } | undefined;
}

const LINT_DELAY_MS = 180;

/** Opened skills of this window. They outlive the page, so that unsaved text survives a look at the logs. */
export class SkillsStore {
  readonly store: StoreApi<SkillsState> = createStore<SkillsState>(() => ({
    selected: undefined,
    open: {},
    readError: undefined,
  }));
  readonly #client: RpcClient;
  readonly #queue = new SaveQueue((id) => this.#runSave(id));
  readonly #lintTimers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #forced = new Set<string>();

  constructor(client: RpcClient) {
    this.#client = client;
  }

  /** Shows a skill; reads it when it is not open yet. */
  async select(id: string): Promise<void> {
    this.store.setState({ selected: id, readError: undefined });
    if (this.store.getState().open[id] !== undefined) return;
    try {
      const document = await this.#client.skills.read({ id });
      // A second click, or a create, may have opened it while this one was on its way.
      if (this.store.getState().open[id] === undefined) this.#put(openSkill(document));
    } catch (error) {
      this.store.setState({ readError: { id, error: readAppError(error) } });
    }
  }

  edit(id: string, text: string): void {
    const skill = this.#get(id);
    if (skill === undefined || skill.text === text) return;
    const save = skill.save.kind === 'saved' ? ({ kind: 'none' } as const) : skill.save;
    this.#put({ ...skill, text, save });
    clearTimeout(this.#lintTimers.get(id));
    this.#lintTimers.set(
      id,
      setTimeout(() => this.#lint(id), LINT_DELAY_MS),
    );
  }

  /** `overwrite` replaces what is on disk, after a conflict or a deletion. */
  save(id: string, options: { readonly overwrite?: boolean } = {}): Promise<void> {
    if (options.overwrite === true) this.#forced.add(id);
    return this.#queue.save(id);
  }

  /** Gives up the text in the editor for the one on disk. */
  async reload(id: string): Promise<void> {
    const skill = this.#get(id);
    if (skill === undefined) return;
    try {
      const document = await this.#client.skills.read({ id });
      this.#put(reloadSkill(this.#get(id) ?? skill, document));
    } catch (error) {
      this.#change(id, { save: { kind: 'failed', error: readAppError(error) } });
    }
  }

  /** Makes a skill from the template and shows it; the caller shows the error. */
  async create(name: string): Promise<void> {
    const document = await this.#client.skills.create({ name });
    this.#put(openSkill(document));
    this.store.setState({ selected: document.id, readError: undefined });
  }

  async remove(id: string): Promise<void> {
    await this.#client.skills.remove({ id });
    this.close(id);
  }

  /** Forgets a skill and whatever was not saved of it. */
  close(id: string): void {
    clearTimeout(this.#lintTimers.get(id));
    this.#lintTimers.delete(id);
    this.store.setState(({ open, selected }) => {
      const { [id]: _closed, ...rest } = open;
      return { open: rest, selected: selected === id ? undefined : selected };
    });
    setUnsaved(`skill:${id}`, false);
  }

  /** Compares what is open with what main says is on disk. */
  async applySnapshot(snapshot: SkillsSnapshot): Promise<void> {
    const versions = new Map(snapshot.skills.map((skill) => [skill.id, skill.version]));
    for (const skill of Object.values(this.store.getState().open)) {
      // Our own save is on its way: its answer says which version is on disk.
      if (this.#queue.isSaving(skill.id)) continue;
      const version = versions.get(skill.id);
      if (version === undefined) this.#handleGone(skill);
      else if (version !== skill.version) await this.#followDisk(skill.id);
    }
  }

  #handleGone(skill: OpenSkill): void {
    if (!isDirty(skill)) this.close(skill.id);
    else if (skill.save.kind !== 'deleted') this.#change(skill.id, { save: { kind: 'deleted' } });
  }

  async #followDisk(id: string): Promise<void> {
    try {
      const document = await this.#client.skills.read({ id });
      const skill = this.#get(id);
      if (skill !== undefined && !this.#queue.isSaving(id)) this.#put(applyForeignChange(skill, document));
    } catch {
      // Gone or unreadable in this moment: the next snapshot says what it is.
    }
  }

  async #runSave(id: string): Promise<void> {
    const skill = this.#get(id);
    if (skill === undefined) return;
    const isForced = this.#forced.delete(id);
    if (skill.text.length > MAX_SKILL_CHARACTERS) return this.#refuseTooLarge(id);
    this.#change(id, { save: { kind: 'saving' } });
    const { text } = skill;
    try {
      const baseVersion = isForced ? null : skill.version;
      const result = await this.#client.skills.save({ id, text, baseVersion });
      switch (result.kind) {
        case 'saved': {
          const { version, live } = result;
          this.#change(id, { savedText: text, version, save: { kind: 'saved', proof: live } });
          break;
        }
        case 'conflict':
          this.#change(id, { save: { kind: 'conflict', current: result.current } });
          break;
        case 'deleted':
          this.#change(id, { save: { kind: 'deleted' } });
          break;
      }
    } catch (error) {
      this.#change(id, { save: { kind: 'failed', error: readAppError(error) } });
    }
  }

  #refuseTooLarge(id: string): void {
    const error = new AppError('skill.too_large', phrase('skill_text_too_long')).toData();
    this.#change(id, { save: { kind: 'failed', error } });
  }

  #lint(id: string): void {
    const skill = this.#get(id);
    if (skill === undefined) return;
    const { diagnostics } = parseSkill(skill.text, { directoryName: id });
    this.#change(id, {
      diagnostics: diagnostics.map((found) => ({ ...found, params: { ...found.params } })),
    });
  }

  #get(id: string): OpenSkill | undefined {
    return this.store.getState().open[id];
  }

  #change(id: string, change: Partial<OpenSkill>): void {
    const skill = this.#get(id);
    if (skill !== undefined) this.#put({ ...skill, ...change });
  }

  #put(skill: OpenSkill): void {
    this.store.setState(({ open }) => ({ open: { ...open, [skill.id]: skill } }));
    setUnsaved(`skill:${skill.id}`, isDirty(skill));
  }
}
