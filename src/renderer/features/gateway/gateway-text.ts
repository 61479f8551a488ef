/** 0, 0.4, 12, 1.2k */
export function formatRate(value: number): string {
  if (value >= 10_000) return `${Math.round(value / 1000)}k`;
  if (value >= 1000) return `${(value / 1000).toFixed(1)}k`;
  if (value >= 10 || Number.isInteger(value)) return String(Math.round(value));
  return value.toFixed(1);
}

export function formatCount(value: number): string {
  return Number.isInteger(value) ? formatRate(value) : '';
}

/** Milliseconds in three figures, seconds from ten of them on. */
export function formatMs(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(0)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 100 || Number.isInteger(ms)) return String(Math.round(ms));
  return ms.toFixed(1);
}

/** With its unit, for words beside it. */
export function formatDuration(ms: number): string {
  const text = formatMs(ms);
  return text.endsWith('s') ? text : `${text} ms`;
}
