import { useEffect, useRef } from 'react';
import { EDITOR_OPTIONS } from './editor-options.ts';
import type { Monaco } from './load-monaco.ts';
import { SKILL_LANGUAGE } from './skill-language.ts';

interface DiffViewProps {
  readonly monaco: Monaco;
  readonly original: string;
  readonly modified: string;
  readonly label: string;
  readonly className?: string | undefined;
}

/** Two texts side by side, read-only. */
export function DiffView({ monaco, original, modified, label, className }: DiffViewProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const left = monaco.editor.createModel(original, SKILL_LANGUAGE);
    const right = monaco.editor.createModel(modified, SKILL_LANGUAGE);
    const diff = monaco.editor.createDiffEditor(element, {
      ...EDITOR_OPTIONS,
      readOnly: true,
      originalEditable: false,
      // Nothing can be taken over here, and the menu's late events outlive it (microsoft/monaco-editor#4581).
      renderGutterMenu: false,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: true,
      originalAriaLabel: label,
      modifiedAriaLabel: label,
    });
    // The options above are announced, but name only the classic text area.
    for (const editor of [diff.getOriginalEditor(), diff.getModifiedEditor()])
      editor.updateOptions({ ariaLabel: label });
    const computed = diff.onDidUpdateDiff(() => {
      computed.dispose();
      diff.revealFirstDiff();
    });
    diff.setModel({ original: left, modified: right });
    return () => {
      computed.dispose();
      diff.dispose();
      left.dispose();
      right.dispose();
    };
  }, [monaco, original, modified, label]);
  return <div ref={host} className={className} />;
}
