const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

export type Colour = keyof typeof CODES;
export type Paint = (colour: Colour, text: string) => string;

export interface PaintWish {
  readonly ansi?: 'auto' | 'always' | 'never' | undefined;
  readonly isTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `--ansi` wins over NO_COLOR and COMPOSE_ANSI, those over what the stream is. */
export function createPaint(wish: PaintWish): Paint {
  if (!wantsColour(wish)) return (_colour, text) => text;
  return (colour, text) => {
    const [on, off] = CODES[colour];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

export function wantsColour({ ansi, env, isTty }: PaintWish): boolean {
  const wish = ansi ?? env.COMPOSE_ANSI;
  if (wish === 'always') return true;
  if (wish === 'never') return false;
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTty && env.TERM !== 'dumb';
}
