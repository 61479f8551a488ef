import type { editor } from 'monaco-editor/editor/editor.api';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { EDITOR_OPTIONS } from './editor-options.ts';
import type { Monaco } from './load-monaco.ts';
import { SKILL_LANGUAGE } from './skill-language.ts';

export interface EditorMarker {
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export interface TextEditorHandle {
  /** Puts the cursor there and takes the focus. */
  goTo(line: number, column: number): void;
}

interface TextEditorProps {
  readonly monaco: Monaco;
  /** Names the model, e.g. `skill:release-notes`; the model and its undo stack outlive the component. */
  readonly modelId: string;
  readonly text: string;
  /** When this changes, the model takes `text` over as one step that can be undone. */
  readonly revision: number;
  readonly markers: readonly EditorMarker[];
  readonly label: string;
  readonly className?: string | undefined;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  readonly ref?: Ref<TextEditorHandle>;
}

/** Where each file was scrolled to, so that coming back does not start at the top. */
const viewStates = new Map<string, editor.ICodeEditorViewState>();

export function TextEditor(props: TextEditorProps) {
  const { monaco, modelId, text, revision, markers, label, className, ref } = props;
  const host = useRef<HTMLDivElement>(null);
  const current = useRef<editor.IStandaloneCodeEditor>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const created = monaco.editor.create(element, { ...EDITOR_OPTIONS, model: null });
    current.current = created;
    created.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, () => latest.current.onSave());
    const changes = created.onDidChangeModelContent(() => {
      const model = created.getModel();
      if (model !== null) latest.current.onChange(model.getValue());
    });
    return () => {
      changes.dispose();
      created.dispose();
      current.current = null;
    };
  }, [monaco]);

  useEffect(() => {
    const created = current.current;
    if (created === null) return;
    const uri = monaco.Uri.parse(`skill:${modelId}`);
    const model =
      monaco.editor.getModel(uri) ?? monaco.editor.createModel(latest.current.text, SKILL_LANGUAGE, uri);
    created.setModel(model);
    const viewState = viewStates.get(modelId);
    if (viewState !== undefined) created.restoreViewState(viewState);
    return () => {
      const state = created.saveViewState();
      if (state !== null) viewStates.set(modelId, state);
    };
  }, [monaco, modelId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a replacement from outside goes into the model, not every key press
  useEffect(() => {
    const model = current.current?.getModel();
    if (!model || model.getValue() === text) return;
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
  }, [modelId, revision]);

  useEffect(() => {
    const model = current.current?.getModel();
    if (model)
      monaco.editor.setModelMarkers(
        model,
        'skill',
        markers.map((marker) => toMarker(monaco, model, marker)),
      );
    // The markers belong to the model that is shown, so that a change of model sets them again.
    void modelId;
  }, [monaco, modelId, markers]);

  useEffect(() => {
    current.current?.updateOptions({ ariaLabel: label });
  }, [label]);

  useImperativeHandle(ref, () => ({
    goTo: (line, column) => {
      const created = current.current;
      if (created === null) return;
      created.setPosition({ lineNumber: line, column });
      created.revealLineInCenterIfOutsideViewport(line);
      created.focus();
    },
  }));

  return <div ref={host} className={className} data-testid="text-editor" />;
}

function toMarker(monaco: Monaco, model: editor.ITextModel, marker: EditorMarker): editor.IMarkerData {
  const line = Math.min(Math.max(1, marker.line), model.getLineCount());
  const end = model.getLineMaxColumn(line);
  const severity = {
    error: monaco.MarkerSeverity.Error,
    warning: monaco.MarkerSeverity.Warning,
    note: monaco.MarkerSeverity.Info,
  }[marker.severity];
  return {
    severity,
    message: marker.message,
    startLineNumber: line,
    endLineNumber: line,
    startColumn: Math.min(marker.column, Math.max(1, end - 1)),
    endColumn: Math.max(end, 2),
  };
}
