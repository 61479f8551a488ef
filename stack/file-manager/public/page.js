import { api } from './api.js';
import { ask } from './dialog.js';
import { closeEditor, currentPath, mayLeave, openFile, openNew, startEditor } from './editor.js';
import { drawList } from './file-list.js';
import { errorText, switchLanguage, text, translatePage } from './language.js';
import { transferFiles } from './transfers.js';

const AREAS = ['skills', 'config', 'models'];
const ACCEPTED = { skills: '.md,.json', config: '.md,.json', models: '.gguf,.md,.json' };
const element = (id) => document.getElementById(id);

let area = 'skills';
let entries = [];

function show(isSignedIn) {
  element('sign-in').hidden = isSignedIn;
  element('work').hidden = !isSignedIn;
  element('sign-out').hidden = !isSignedIn;
  if (!isSignedIn) element('sign-in-form').elements.password.focus();
}

function drawTabs() {
  const tabs = AREAS.map((name) => {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.role = 'tab';
    tab.id = `tab-${name}`;
    tab.textContent = text(name);
    tab.setAttribute('aria-selected', String(name === area));
    tab.setAttribute('aria-controls', 'panel');
    tab.tabIndex = name === area ? 0 : -1;
    tab.addEventListener('click', () => choose(name));
    return tab;
  });
  element('tabs').replaceChildren(...tabs);
  element('panel').setAttribute('aria-labelledby', `tab-${area}`);
}

function draw() {
  drawTabs();
  element('picker').accept = ACCEPTED[area];
  element('new-file').hidden = area === 'models';
  drawList(element('list'), {
    entries,
    filter: element('filter').value,
    current: currentPath(area),
    onOpen: open,
  });
}

async function choose(name) {
  area = name;
  entries = [];
  await reload();
  element(`tab-${area}`).focus();
}

async function reload() {
  const wanted = area;
  try {
    const listing = await api.list(wanted);
    // Another tab was chosen while this answer was on its way.
    if (wanted !== area) return;
    entries = listing.entries;
    element('truncated').hidden = !listing.truncated;
    draw();
  } catch (error) {
    report(error);
  }
}

async function open(entry) {
  if (!(await mayLeave())) return;
  try {
    await openFile(area, entry);
    draw();
  } catch (error) {
    report(error);
  }
}

async function create() {
  if (!(await mayLeave())) return;
  const value = area === 'skills' ? 'my-skill/SKILL.md' : 'new.json';
  const path = await ask({ title: text('newTitle'), lead: text('newLead'), ok: text('create'), value });
  if (path === undefined) return;
  const existing = entries.find((entry) => entry.path === path);
  if (existing !== undefined) return open(existing);
  openNew(area, path, templateOf(path));
  draw();
}

function templateOf(path) {
  if (!path.endsWith('SKILL.md')) return path.endsWith('.json') ? '{}\n' : '';
  const name = path.split('/').at(-2) ?? 'my-skill';
  return `---\nname: ${name}\ndescription: What it does. Use when …\n---\n\n# ${name}\n\n`;
}

function report(error) {
  if (error.code === 'auth.required') return show(false);
  const message = error.code === 'offline' ? text('offline') : errorText(error);
  element('truncated').textContent = message;
  element('truncated').hidden = false;
}

async function signIn(event) {
  event.preventDefault();
  const form = event.target;
  const problem = element('sign-in-problem');
  problem.hidden = true;
  try {
    await api.signIn(form.elements.user.value, form.elements.password.value);
    form.elements.password.value = '';
    show(true);
    await reload();
  } catch (error) {
    problem.textContent = error.code === 'offline' ? text('offline') : errorText(error);
    problem.hidden = false;
  }
}

async function signOut() {
  if (!(await mayLeave())) return;
  // Signed out here in any case; the service may have forgotten the session already.
  await api.signOut().catch(() => {});
  closeEditor();
  show(false);
}

function send(files) {
  return transferFiles(element('transfers'), { area, files: [...files], onDone: reload });
}

function startDropping() {
  const drop = element('drop');
  drop.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
  drop.addEventListener('dragleave', (event) => {
    if (!drop.contains(event.relatedTarget)) drop.classList.remove('over');
  });
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    void send(event.dataTransfer.files);
  });
  // A file dropped beside the list must not replace the page, and with it unsaved text.
  for (const name of ['dragover', 'drop']) window.addEventListener(name, (event) => event.preventDefault());
}

function start() {
  translatePage();
  startEditor({ changed: reload, signedOut: async () => show(false) });
  startDropping();
  element('sign-in-form').addEventListener('submit', signIn);
  element('sign-out').addEventListener('click', signOut);
  element('new-file').addEventListener('click', create);
  element('filter').addEventListener('input', draw);
  element('choose').addEventListener('click', () => element('picker').click());
  element('picker').addEventListener('change', async ({ target }) => {
    await send(target.files);
    target.value = '';
  });
  element('language').addEventListener('click', () => {
    switchLanguage();
    draw();
  });
  element('tabs').addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    void choose(AREAS[(AREAS.indexOf(area) + step + AREAS.length) % AREAS.length]);
  });
}

start();
api.session().then(
  () => {
    show(true);
    return reload();
  },
  () => show(false),
);
