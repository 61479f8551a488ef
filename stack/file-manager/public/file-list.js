import { formatSize, text } from './language.js';

/** Draws the files of an area, grouped by folder. Texts go in as text, never as markup. */
export function drawList(list, { entries, filter, current, onOpen }) {
  const wanted = filter.trim().toLowerCase();
  const shown = entries.filter((entry) => entry.path.toLowerCase().includes(wanted));
  const children = [];
  let folder = '';
  for (const entry of shown) {
    const slash = entry.path.lastIndexOf('/');
    const here = slash < 0 ? '' : entry.path.slice(0, slash);
    if (here !== folder) children.push(item('folder', here.replaceAll('/', ' / ')));
    folder = here;
    children.push(fileItem(entry, entry.path.slice(slash + 1), entry.path === current, onOpen));
  }
  if (shown.length === 0) children.push(item('none', text(entries.length === 0 ? 'none' : 'noMatch')));
  list.replaceChildren(...children);
}

function item(className, content) {
  const li = document.createElement('li');
  li.className = className;
  li.textContent = content;
  return li;
}

function fileItem(entry, name, isCurrent, onOpen) {
  const li = document.createElement('li');
  const button = document.createElement('button');
  button.type = 'button';
  if (isCurrent) button.setAttribute('aria-current', 'true');
  button.title = entry.path;
  button.append(span('name', name), span('size', formatSize(entry.size)));
  button.addEventListener('click', () => onOpen(entry));
  li.append(button);
  return li;
}

function span(className, content) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = content;
  return element;
}
