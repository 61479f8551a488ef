import fc from 'fast-check';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { describe, expect, test } from 'vitest';
import { type ChanceWish, chancesOf, TokenChances } from './token-chances.ts';

const token = (id: number): Token => id as Token;

/** What a sampler tells of these logits at a temperature, the likeliest first. */
function sampled(logits: readonly number[], temperature: number): Map<Token, number> {
  const weights = logits.map((logit) => Math.exp((logit - Math.max(...logits)) / temperature));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = weights.map((weight, id) => [token(id), weight / sum] as const);
  return new Map(shares.sort(([, one], [, other]) => other - one));
}

describe('chancesOf', () => {
  test('takes the temperature out of the probabilities again', () => {
    const logits = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 20 });
    const temperature = fc.double({ min: 0.3, max: 2, noNaN: true });
    fc.assert(
      fc.property(logits, temperature, (given, heat) => {
        const own = sampled(given, 1);
        const { logprob, top } = chancesOf(token(0), sampled(given, heat), { temperature: heat, top: 5 });
        expect(logprob).toBeCloseTo(Math.log(own.get(token(0)) ?? 0), 6);
        expect(top).toHaveLength(Math.min(5, given.length));
        for (const one of top) expect(one.logprob).toBeCloseTo(Math.log(own.get(one.token) ?? 0), 6);
      }),
    );
  });

  test('leaves them as they are at temperature 0, where nothing was sampled', () => {
    const { logprob, top } = chancesOf(token(1), sampled([0, Math.log(3)], 1), { temperature: 0, top: 1 });
    expect(logprob).toBeCloseTo(Math.log(0.75), 9);
    expect(top).toEqual([{ token: token(1), logprob }]);
  });

  test('tells no alternatives that cannot be', () => {
    const shares = new Map([
      [token(4), 1],
      [token(5), 0],
    ]);
    expect(chancesOf(token(4), shares, { temperature: 0.2, top: 9 }).top).toHaveLength(1);
  });
});

describe('TokenChances', () => {
  const generated = [7, 8, 9, 8].map(token);
  /** A sequence that generates these tokens and would have had one other choice for each. */
  const sequenceOf = () => {
    const told: unknown[] = [];
    const sequence = {
      told,
      async *evaluate(_tokens: Token[]) {
        yield* generated;
      },
      async *evaluateWithMetadata(_tokens: Token[], metadata: object) {
        told.push(metadata);
        for (const one of generated) {
          const probabilities = new Map([
            [one, 0.5],
            [token(1), 0.5],
          ]);
          const replacement: unknown = yield { token: one, probabilities };
          if (replacement !== undefined) told.push(replacement);
        }
      },
    };
    return sequence;
  };
  const watched = async (wish: ChanceWish | undefined) => {
    const sequence = sequenceOf();
    const chances = new TokenChances(sequence as unknown as LlamaContextSequence);
    chances.watch(wish);
    const tokens: Token[] = [];
    for await (const one of sequence.evaluate([])) tokens.push(one);
    return { chances, sequence, tokens };
  };

  test('asks for nothing more while nobody wants to know', async () => {
    const { chances, sequence, tokens } = await watched(undefined);
    expect([tokens, sequence.told, chances.take(tokens)]).toEqual([generated, [], []]);
  });

  test('gives what belongs to the tokens of a piece, and passes over those between', async () => {
    const { chances, tokens } = await watched({ top: 1, temperature: 0, isHeld: true });
    expect(tokens).toEqual(generated);
    const taken = chances.take([token(7), token(9)]);
    expect(taken.map((one) => one.token)).toEqual([7, 9]);
    expect(taken[0]?.logprob).toBeCloseTo(Math.log(0.5), 9);
    expect(chances.take([token(42), token(8)]).map((one) => one.token)).toEqual([8]);
    expect(chances.take([token(8)])).toEqual([]);
  });

  test('passes on what the caller has the model read instead', async () => {
    const sequence = sequenceOf();
    new TokenChances(sequence as unknown as LlamaContextSequence).watch({
      top: 0,
      temperature: 1,
      isHeld: false,
    });
    const steps = sequence.evaluate([]) as AsyncGenerator<Token, void, Token | undefined>;
    await steps.next();
    await steps.next(token(3));
    await steps.return();
    expect(sequence.told).toEqual([{ probabilities: true }, 3]);
  });

  test('asks step by step for the likeliest ones only where nothing is sampled and nothing held', async () => {
    const asked: unknown[] = [];
    const sequence = {
      evaluate: () => expect.fail('not asked'),
      model: { isEogToken: (one: Token) => one === token(2) },
      controlledEvaluate: async (input: (Token | [Token, { generateNext: object }])[]) => {
        asked.push(input.map((one) => (Array.isArray(one) ? [one[0]] : one)));
        const next = asked.length === 3 ? token(2) : token(10 + asked.length);
        const logits = new Map([
          [next, 1],
          [token(9), 1 - Math.log(3)],
        ]);
        // Of a vocabulary of these two: 1 + 1/3.
        const results: object[] = [];
        results[input.length - 1] = { next: { token: next, logits, totalLogitWeight: 4 / 3 } };
        return results;
      },
    };
    const chances = new TokenChances(sequence as unknown as LlamaContextSequence);
    chances.watch({ top: 2, temperature: 0, isHeld: false });
    const said: Token[] = [];
    for await (const one of (sequence.evaluate as (tokens: Token[]) => AsyncIterable<Token>)(
      [5, 6].map(token),
    ))
      said.push(one);
    expect([said, asked]).toEqual([
      [11, 12],
      [[5, [6]], [[11]], [[12]]],
    ]);
    expect(chances.take(said)[1]).toEqual({
      token: 12,
      logprob: expect.closeTo(Math.log(0.75), 9),
      top: [
        { token: 12, logprob: expect.closeTo(Math.log(0.75), 9) },
        { token: 9, logprob: expect.closeTo(Math.log(0.25), 9) },
      ],
    });
  });
});
