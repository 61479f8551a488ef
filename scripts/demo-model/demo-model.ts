import { encodeGguf } from './gguf-file.ts';
import type { GgufValue } from './gguf-values.ts';
import { SCRIPT } from './script.ts';
import { splitSentences } from './split-sentences.ts';
import { buildTensors, FEED_FORWARD, HEADS, type ModelShape, shapeFor } from './tensors.ts';
import { BEGIN_OF_TEXT, END_OF_TEXT, TURN_END, TURN_START, type Vocabulary } from './tokens.ts';
import { buildTransitions } from './transitions.ts';
import { buildVocabulary } from './vocabulary.ts';

const MODEL_NAME = 'Skilldeck demo';
const CONTEXT_LENGTH = 32_768;
const CHAT_TEMPLATE =
  `{% for message in messages %}{{ '${TURN_START}' + message['role'] + '\\n' + message['content'] + '${TURN_END}' + '\\n' }}` +
  `{% endfor %}{% if add_generation_prompt %}{{ '${TURN_START}assistant\\n' }}{% endif %}`;

/** The demo model as the bytes of a GGUF file. The same script always gives the same bytes. */
export function buildDemoModel(script: readonly (readonly string[])[] = SCRIPT): Buffer {
  const stages = splitSentences(script);
  const vocabulary = buildVocabulary(stages.flat(2));
  const transitions = buildTransitions(stages, TURN_END);
  const shape = shapeFor(transitions);
  const metadata = new Map([...describeModel(vocabulary, shape), ...describeTokens(vocabulary)]);
  return encodeGguf(metadata, buildTensors(vocabulary, transitions, shape));
}

function describeModel(
  { tokens }: Vocabulary,
  { width, headWidth }: ModelShape,
): readonly (readonly [string, GgufValue])[] {
  const count = (value: number): GgufValue => ({ kind: 'uint32', value });
  const real = (value: number): GgufValue => ({ kind: 'float32', value });
  const text = (value: string): GgufValue => ({ kind: 'string', value });
  return [
    ['general.architecture', text('llama')],
    ['general.name', text(MODEL_NAME)],
    [
      'general.description',
      text('Fixed sentences without knowledge, to show the stack at work. Not a language model.'),
    ],
    ['general.license', text('mit')],
    // 1: mostly 16-bit floats.
    ['general.file_type', count(1)],
    ['general.quantization_version', count(2)],
    ['llama.context_length', count(CONTEXT_LENGTH)],
    ['llama.embedding_length', count(width)],
    ['llama.block_count', count(1)],
    ['llama.feed_forward_length', count(FEED_FORWARD)],
    ['llama.attention.head_count', count(HEADS)],
    ['llama.attention.head_count_kv', count(1)],
    ['llama.attention.layer_norm_rms_epsilon', real(1e-5)],
    ['llama.rope.dimension_count', count(headWidth)],
    ['llama.rope.freq_base', real(10_000)],
    ['llama.vocab_size', count(tokens.length)],
  ];
}

function describeTokens({ tokens, idOf }: Vocabulary): readonly (readonly [string, GgufValue])[] {
  const id = (text: string): GgufValue => ({ kind: 'uint32', value: idOf(text) });
  const yes: GgufValue = { kind: 'bool', value: true };
  return [
    ['tokenizer.ggml.model', { kind: 'string', value: 'llama' }],
    ['tokenizer.ggml.pre', { kind: 'string', value: 'default' }],
    ['tokenizer.ggml.tokens', { kind: 'strings', value: tokens.map((token) => token.text) }],
    ['tokenizer.ggml.scores', { kind: 'floats', value: tokens.map((token) => token.score) }],
    ['tokenizer.ggml.token_type', { kind: 'int32s', value: tokens.map((token) => token.kind) }],
    ['tokenizer.ggml.bos_token_id', id(BEGIN_OF_TEXT)],
    ['tokenizer.ggml.eos_token_id', id(TURN_END)],
    ['tokenizer.ggml.eot_token_id', id(TURN_END)],
    ['tokenizer.ggml.unknown_token_id', id('<unk>')],
    ['tokenizer.ggml.padding_token_id', id(END_OF_TEXT)],
    ['tokenizer.ggml.add_bos_token', yes],
    ['tokenizer.ggml.add_eos_token', { kind: 'bool', value: false }],
    ['tokenizer.ggml.add_space_prefix', yes],
    ['tokenizer.chat_template', { kind: 'string', value: CHAT_TEMPLATE }],
  ];
}
