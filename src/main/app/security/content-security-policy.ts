/**
 * The one content security policy of the window, sent as a header with every page.
 *
 * Nothing is loaded from the network; Trusted Types keep strings out of script sinks. Inline styles are
 * needed by Monaco and Mantine; `data:` images by Monaco's glyphs.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ');
