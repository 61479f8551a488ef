import { stripVTControlCharacters } from 'node:util';

const GAP = '   ';

/** Columns as wide as their widest cell; the last one is not padded. Cells may be coloured. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_title, column) => Math.max(...all.map((row) => textWidth(row[column] ?? ''))));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : padEnd(cell, widths[column] ?? 0)))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

function textWidth(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}
