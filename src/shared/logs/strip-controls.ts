/** CSI … m with plain parameters: the only sequence a log line may keep. */
const SGR = /^\[[\d;:]{0,64}m/;
/** What ends the sequences that carry text of their own: OSC, DCS, SOS, PM, APC (and their C1 forms). */
const STRING_STARTERS = new Set([']', 'P', 'X', '^', '_']);
const C1_STRING_STARTERS = new Set(['\u009d', '\u0090', '\u0098', '\u009e', '\u009f']);

/**
 * Takes every control character and escape sequence out of a line, colours (SGR) excepted when `keepColor`.
 *
 * Log lines are written by strangers: none may move the cursor, set the window's title, write the clipboard or
 * query the terminal. A carriage return inside a line means that the rest overwrote it, so the last part stays.
 */
export function stripControls(line: string, keepColor: boolean): string {
  const text = line.slice(line.lastIndexOf('\r', line.length - 2) + 1);
  if (!hasControls(text)) return text;
  let result = '';
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char === '\u001b') {
      const sgr = SGR.exec(text.slice(i + 1, i + 80));
      if (sgr && keepColor) result += char + sgr[0];
      i = sgr ? i + sgr[0].length : endOfEscape(text, i);
    } else if (char === '\u009b') i = endOfCsi(text, i + 1);
    else if (C1_STRING_STARTERS.has(char)) i = endOfString(text, i + 1);
    else if (!isControl(text.charCodeAt(i)) || char === '\t') result += char;
  }
  return result;
}

function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (isControl(text.charCodeAt(i))) return true;
  return false;
}

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

/** Index of the last character of the sequence whose ESC is at `start`. */
function endOfEscape(text: string, start: number): number {
  const next = text.charAt(start + 1);
  if (next === '[') return endOfCsi(text, start + 2);
  if (STRING_STARTERS.has(next)) return endOfString(text, start + 2);
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) >= 0x20 && text.charCodeAt(i) <= 0x2f) i += 1;
  const final = text.charCodeAt(i);
  // An ESC before another control or at the end stands alone; a final byte belongs to it.
  return final >= 0x30 && final <= 0x7e ? i : i - 1;
}

function endOfCsi(text: string, from: number): number {
  let i = from;
  while (i < text.length && text.charCodeAt(i) >= 0x20 && text.charCodeAt(i) <= 0x3f) i += 1;
  const final = text.charCodeAt(i);
  return final >= 0x40 && final <= 0x7e ? i : i - 1;
}

function endOfString(text: string, from: number): number {
  for (let i = from; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char === '\u0007' || char === '\u009c') return i;
    if (char === '\u001b' && text.charAt(i + 1) === '\\') return i + 1;
  }
  return text.length;
}
