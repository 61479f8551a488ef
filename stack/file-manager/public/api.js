/** Shows the service that the page itself is asking: other sites cannot set this header. */
const HEADERS = { 'x-skilldeck-request': '1' };

/** An answer that is not a success; `current` comes with a conflict. */
export class ApiError extends Error {
  constructor(error, current) {
    super(error.message);
    this.code = error.code;
    this.hint = error.hint;
    this.params = error.params;
    this.current = current;
  }
}

const OFFLINE = { code: 'offline', message: 'offline' };

async function call(method, url, body) {
  const init = {
    method,
    headers: { ...HEADERS, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
  };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(url, init).catch(() => {
    throw new ApiError(OFFLINE);
  });
  return answerOf(response.status, await response.text());
}

function answerOf(status, body) {
  let json;
  try {
    json = body === '' ? {} : JSON.parse(body);
  } catch {
    // A proxy's own page in HTML.
    throw new ApiError(OFFLINE);
  }
  if (status >= 400 || status === 0) throw new ApiError(json.error ?? OFFLINE, json.current);
  return json;
}

const fileUrl = (area, path) => `api/files/${area}/${path.split('/').map(encodeURIComponent).join('/')}`;

export const api = {
  session: () => call('GET', 'api/session'),
  signIn: (user, password) => call('POST', 'api/session', { user, password }),
  signOut: () => call('DELETE', 'api/session'),
  list: (area) => call('GET', `api/files/${area}`),
  read: (area, path) => call('GET', fileUrl(area, path)),
  save: (area, path, text, baseVersion) => call('PUT', fileUrl(area, path), { text, baseVersion }),
  remove: (area, path, baseVersion) =>
    call('DELETE', `${fileUrl(area, path)}?baseVersion=${encodeURIComponent(baseVersion)}`),
};

/** Sends a file; XMLHttpRequest because fetch does not tell how far an upload is. */
export function upload({ area, path, file, overwrite, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${fileUrl(area, path)}${overwrite ? '?overwrite=true' : ''}`);
    for (const [name, value] of Object.entries(HEADERS)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.loaded / Math.max(1, event.total));
    request.onload = () => {
      try {
        resolve(answerOf(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () => reject(new ApiError(OFFLINE));
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}
