import type { AppErrorData } from '../../../shared/errors/app-error.ts';
import type { LiveProof, SkillDiagnostic, SkillDocument } from '../../../shared/skills/skills-contract.ts';

/** What the bar under the editor says. */
export type SaveState =
  | { readonly kind: 'none' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved'; readonly proof: LiveProof }
  /** The file changed on disk under unsaved text. */
  | { readonly kind: 'conflict'; readonly current: SkillDocument }
  /** The file went away under unsaved text. */
  | { readonly kind: 'deleted' }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** One skill that has been opened: its text lives here, whatever page is shown. */
export interface OpenSkill {
  readonly id: string;
  readonly text: string;
  readonly savedText: string;
  /** The version on disk that `savedText` is. */
  readonly version: string;
  /** Counts replacements from outside, so that the editor knows when to take `text` over. */
  readonly revision: number;
  readonly diagnostics: readonly SkillDiagnostic[];
  readonly save: SaveState;
}

export function openSkill(document: SkillDocument): OpenSkill {
  return {
    id: document.id,
    text: document.text,
    savedText: document.text,
    version: document.version,
    revision: 0,
    diagnostics: document.diagnostics,
    save: { kind: 'none' },
  };
}

export function isDirty(skill: OpenSkill): boolean {
  return skill.text !== skill.savedText;
}

/** Takes over what is on disk; the text that was there goes. */
export function reloadSkill(skill: OpenSkill, document: SkillDocument): OpenSkill {
  return { ...openSkill(document), revision: skill.revision + 1 };
}

/** The disk holds another version: a clean editor follows it, a dirty one keeps its text and says so. */
export function applyForeignChange(skill: OpenSkill, document: SkillDocument): OpenSkill {
  if (document.version === skill.version) return skill;
  if (document.text === skill.text) return { ...reloadSkill(skill, document), revision: skill.revision };
  if (!isDirty(skill)) return reloadSkill(skill, document);
  return { ...skill, save: { kind: 'conflict', current: document } };
}
