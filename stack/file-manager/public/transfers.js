import { upload } from './api.js';
import { ask } from './dialog.js';
import { errorText, text } from './language.js';

const GONE_AFTER_MS = 4000;

/** Uploads one after the other, each with its bar and a way to stop it. Resolves when all have ended. */
export async function transferFiles(box, { area, files, onDone }) {
  for (const file of files) await transfer(box, area, file, onDone);
}

async function transfer(box, area, file, onDone) {
  const path = targetPath(area, file);
  const row = document.createElement('div');
  row.className = 'transfer';
  const name = document.createElement('span');
  name.className = 'name';
  name.textContent = path;
  const state = document.createElement('span');
  const stop = document.createElement('button');
  stop.type = 'button';
  stop.textContent = text('cancel');
  const bar = document.createElement('progress');
  bar.max = 1;
  bar.setAttribute('aria-label', path);
  row.append(name, state, stop, bar);
  box.append(row);
  const controller = new AbortController();
  stop.addEventListener('click', () => controller.abort());
  const send = (overwrite) =>
    upload({
      area,
      path,
      file,
      overwrite,
      signal: controller.signal,
      onProgress: (share) => {
        bar.value = share;
        state.textContent = `${Math.round(share * 100)} %`;
      },
    });
  try {
    await send(false).catch(async (error) => {
      if (error.code !== 'file.exists' && error.code !== 'file.conflict') throw error;
      const question = {
        title: text('replaceTitle'),
        lead: text('replaceLead', { file: path }),
        ok: text('replace'),
      };
      if ((await ask({ ...question, danger: true })) === undefined)
        throw new DOMException('declined', 'AbortError');
      return send(true);
    });
    state.textContent = text('uploaded');
    stop.remove();
    setTimeout(() => row.remove(), GONE_AFTER_MS);
    await onDone(path);
  } catch (error) {
    if (error.name === 'AbortError') return row.remove();
    showProblem(row, bar, stop, error);
  }
}

function showProblem(row, bar, stop, error) {
  const problem = document.createElement('p');
  problem.className = 'problem';
  problem.setAttribute('role', 'alert');
  problem.textContent = error.code === 'offline' ? text('offline') : errorText(error);
  bar.replaceWith(problem);
  stop.textContent = '×';
  stop.setAttribute('aria-label', text('cancel'));
  stop.addEventListener('click', () => row.remove());
}

/** A folder chosen whole keeps its own paths; a lone SKILL.md is asked for nothing and goes where its name says. */
function targetPath(area, file) {
  const path = file.webkitRelativePath || file.name;
  return area === 'skills' && path === 'SKILL.md' ? 'new-skill/SKILL.md' : path;
}
