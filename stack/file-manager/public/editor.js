import { api } from './api.js';
import { ask } from './dialog.js';
import { errorText, formatDate, formatSize, text } from './language.js';

const element = (id) => document.getElementById(id);
const isMac = navigator.platform.startsWith('Mac');

/** The file that is open: `{ area, path, version, savedText }`; version null means not on disk yet. */
let open;
let theirs;

export const currentPath = (area) => (open?.area === area ? open.path : undefined);
const isDirty = () =>
  open !== undefined && open.savedText !== undefined && element('text').value !== open.savedText;

/** True when what is open may be left; asks when there are changes. */
export async function mayLeave() {
  if (!isDirty()) return true;
  const lead = text('leaveLead', { file: open.path });
  return (await ask({ title: text('leaveTitle'), lead, ok: text('leave'), danger: true })) === true;
}

export async function openFile(area, entry) {
  if (entry.path.endsWith('.gguf')) return showModel(area, entry);
  const file = await api.read(area, entry.path);
  show({ area, path: entry.path, version: file.version, savedText: file.text }, file.text, file.diagnostics);
}

export function openNew(area, path, content) {
  show({ area, path, version: null, savedText: '' }, content, []);
  say('', text('created'));
}

export function closeEditor() {
  open = undefined;
  element('editor').hidden = true;
  element('empty').hidden = false;
}

function showModel(area, entry) {
  show({ area, path: entry.path, version: '*' }, '', []);
  element('text').hidden = true;
  element('save').hidden = true;
  element('facts').hidden = false;
  element('facts').textContent = text('modelFacts', {
    size: formatSize(entry.size),
    date: formatDate(entry.modified),
  });
}

function show(file, content, diagnostics) {
  open = file;
  element('empty').hidden = true;
  element('editor').hidden = false;
  element('text').hidden = false;
  element('save').hidden = false;
  element('facts').hidden = true;
  element('conflict').hidden = true;
  element('file-name').textContent = `${file.area} / ${file.path.replaceAll('/', ' / ')}`;
  element('text').value = content;
  drawRemarks(diagnostics);
  say('', '');
  markDirty();
}

function drawRemarks(diagnostics) {
  const items = diagnostics.map((remark) => {
    const li = document.createElement('li');
    li.className = remark.severity;
    const place = document.createElement('b');
    place.textContent = text('line', { line: remark.line });
    li.append(place, remark.message);
    return li;
  });
  element('remarks').replaceChildren(...items);
}

function markDirty() {
  element('dirty').hidden = !isDirty();
  element('save').disabled = open?.version !== null && !isDirty();
}

function say(kind, sentence) {
  element('status').className = `status ${kind}`;
  element('status').textContent = sentence;
}

async function save(baseVersion) {
  if (open === undefined || open.savedText === undefined) return;
  const file = open;
  const content = element('text').value;
  element('save').disabled = true;
  try {
    const saved = await api.save(file.area, file.path, content, baseVersion);
    Object.assign(file, { version: saved.version, savedText: content });
    if (open !== file) return;
    element('conflict').hidden = true;
    drawRemarks(saved.diagnostics);
    say('ok', text('saved', { size: formatSize(saved.size) }));
    await onChanged();
  } catch (error) {
    if (error.code === 'file.conflict') showConflict(error.current);
    else say('bad', error.code === 'offline' ? text('offline') : errorText(error));
    if (error.code === 'auth.required') await onSignedOut();
  } finally {
    markDirty();
  }
}

function showConflict(current) {
  theirs = current;
  element('conflict').hidden = false;
  element('conflict-text').textContent = text(current === null ? 'conflictGone' : 'conflict');
  element('conflict-view').hidden = current === null;
  element('conflict-reload').hidden = current === null;
  element('conflict-theirs').hidden = true;
  element('conflict-view').setAttribute('aria-expanded', 'false');
  element('conflict-theirs').value = current?.text ?? '';
  say('', '');
}

async function remove() {
  const file = open;
  const lead = text('deleteLead', { file: `${file.area}/${file.path}` });
  if (!(await ask({ title: text('deleteTitle'), lead, ok: text('delete'), danger: true }))) return;
  try {
    if (file.version !== null) await api.remove(file.area, file.path, file.version);
    closeEditor();
    await onChanged();
  } catch (error) {
    if (error.code === 'file.conflict') showConflict(error.current);
    else say('bad', errorText(error));
  }
}

let onChanged = async () => {};
let onSignedOut = async () => {};

/** Connects the buttons once. `changed`: the list must be read again; `signedOut`: the session has ended. */
export function startEditor({ changed, signedOut }) {
  onChanged = changed;
  onSignedOut = signedOut;
  element('save-key').textContent = isMac ? '⌘S' : 'Ctrl S';
  element('text').addEventListener('input', markDirty);
  element('save').addEventListener('click', () => save(open.version));
  element('delete').addEventListener('click', remove);
  element('conflict-overwrite').addEventListener('click', () => save('*'));
  element('conflict-reload').addEventListener('click', () =>
    show({ ...open, version: theirs.version, savedText: theirs.text }, theirs.text, theirs.diagnostics),
  );
  element('conflict-view').addEventListener('click', () => {
    const box = element('conflict-theirs');
    box.hidden = !box.hidden;
    element('conflict-view').setAttribute('aria-expanded', String(!box.hidden));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 's' || !(isMac ? event.metaKey : event.ctrlKey)) return;
    event.preventDefault();
    if (open !== undefined && !element('save').disabled) void save(open.version);
  });
  window.addEventListener('beforeunload', (event) => {
    if (isDirty()) event.preventDefault();
  });
}
