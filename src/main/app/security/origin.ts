export const APP_SCHEME = 'app';
export const APP_HOST = 'skilldeck';
export const APP_PAGE_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** Whether `url` is our own page: same scheme, host and port, and nothing that hides behind a user name. */
export function isOwnPage(url: string, pageUrl: string): boolean {
  try {
    const asked = new URL(url);
    const own = new URL(pageUrl);
    return (
      asked.protocol === own.protocol &&
      asked.host === own.host &&
      asked.username === '' &&
      asked.password === ''
    );
  } catch {
    return false;
  }
}
