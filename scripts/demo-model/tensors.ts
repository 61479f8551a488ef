import type { Tensor } from './gguf-file.ts';
import type { Vocabulary } from './tokens.ts';
import type { Choice, Transitions } from './transitions.ts';

export const HEADS = 4;
export const FEED_FORWARD = 32;
/** State 0: the last token was not one of ours, so an answer begins. */
const START_STATE = 0;
const ALIGNMENT = 32;
/** The logarithm of "never". A grammar can still force such a token, as JSON mode does. */
const NEVER = -20;

export interface ModelShape {
  readonly width: number;
  readonly headWidth: number;
  readonly stateOf: ReadonlyMap<string, number>;
}

/** One dimension of the model per state of the chain. */
export function shapeFor(transitions: Transitions): ModelShape {
  const stateOf = new Map([...transitions.after.keys()].map((token, index) => [token, index + 1]));
  const width = Math.ceil((stateOf.size + 1) / ALIGNMENT) * ALIGNMENT;
  return { width, headWidth: width / HEADS, stateOf };
}

/**
 * Writes the chain down as a llama with one layer that does nothing.
 *
 * The embedding turns the last token into the unit vector of its state, attention and feed-forward add zero, and the
 * output matrix holds, in the column of each state, the logarithm of how likely every token is next.
 */
export function buildTensors(
  vocabulary: Vocabulary,
  transitions: Transitions,
  shape: ModelShape,
): readonly Tensor[] {
  const { width, headWidth } = shape;
  const zeros = (name: string, columns: number, rows: number): Tensor =>
    matrix(`blk.0.${name}.weight`, columns, rows);
  const attention = [
    zeros('attn_q', width, width),
    zeros('attn_k', width, headWidth),
    zeros('attn_v', width, headWidth),
    zeros('attn_output', width, width),
  ];
  const feedForward = [
    zeros('ffn_gate', width, FEED_FORWARD),
    zeros('ffn_up', width, FEED_FORWARD),
    zeros('ffn_down', FEED_FORWARD, width),
  ];
  return [
    embedding(vocabulary, shape),
    vector('blk.0.attn_norm.weight', width, 1),
    ...attention,
    vector('blk.0.ffn_norm.weight', width, 1),
    ...feedForward,
    // Normalising a unit vector multiplies it by √width; this takes it back.
    vector('output_norm.weight', width, 1 / Math.sqrt(width)),
    output(vocabulary, transitions, shape),
  ];
}

function embedding(vocabulary: Vocabulary, { width, stateOf }: ModelShape): Tensor {
  const tensor = matrix('token_embd.weight', width, vocabulary.tokens.length);
  vocabulary.tokens.forEach((token, row) => {
    tensor.values[row * width + (stateOf.get(token.text) ?? START_STATE)] = 1;
  });
  return tensor;
}

function output(vocabulary: Vocabulary, transitions: Transitions, { width, stateOf }: ModelShape): Tensor {
  const tensor = matrix('output.weight', width, vocabulary.tokens.length);
  tensor.values.fill(NEVER);
  const allow = (state: number, choice: Choice): void => {
    for (const [text, share] of choice)
      tensor.values[vocabulary.idOf(text) * width + state] = Math.log(share);
  };
  allow(START_STATE, transitions.start);
  for (const [token, choice] of transitions.after) allow(stateOf.get(token) ?? START_STATE, choice);
  return tensor;
}

function matrix(name: string, columns: number, rows: number): Tensor {
  return { name, dimensions: [columns, rows], type: 'f16', values: new Float32Array(columns * rows) };
}

function vector(name: string, length: number, value: number): Tensor {
  return { name, dimensions: [length], type: 'f32', values: new Float32Array(length).fill(value) };
}
