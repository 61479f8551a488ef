/** Without the fields that are undefined: for the API, absent means the image's or the engine's own value. */
export function defined(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
