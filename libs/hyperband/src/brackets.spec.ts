import fc from 'fast-check';
import { bracketsOf, epochsOf, trialsOf } from './index.ts';

const settings = { maxEpochs: fc.integer({ min: 1, max: 300 }), factor: fc.integer({ min: 2, max: 5 }) };

it('the reference search has the brackets of its tuner: 9, 5 and 3 trials, at most 10 epochs', () => {
  expect(bracketsOf(10, 3)).toEqual([
    [
      { trials: 9, epochs: 2 },
      { trials: 3, epochs: 4 },
      { trials: 1, epochs: 10 },
    ],
    [
      { trials: 5, epochs: 4 },
      { trials: 2, epochs: 10 },
    ],
    [{ trials: 3, epochs: 10 }],
  ]);
});

it('counts trials and epochs, those that a promoted trial has already only once', () => {
  const brackets = bracketsOf(10, 3);
  expect(trialsOf(brackets)).toBe(17);
  expect(epochsOf(brackets)).toBe(9 * 2 + 3 * 2 + 1 * 6 + (5 * 4 + 2 * 6) + 3 * 10);
});

it('81 epochs and factor 3 give the table of the publication, but for the trials of brackets in between', () => {
  const brackets = bracketsOf(81, 3);
  expect(brackets.map((bracket) => bracket.map(({ epochs }) => epochs))).toEqual([
    [1, 3, 9, 27, 81],
    [3, 9, 27, 81],
    [9, 27, 81],
    [27, 81],
    [81],
  ]);
  expect(brackets.map(([{ trials }]) => trials)).toEqual([81, 34, 15, 8, 5]);
});

it('of the first trials of a bracket ceil(trials / factor^round) get to a round', () => {
  fc.assert(
    fc.property(settings.maxEpochs, settings.factor, (maxEpochs, factor) => {
      for (const bracket of bracketsOf(maxEpochs, factor)) {
        bracket.forEach(({ trials }, round) => {
          expect(trials).toBe(Math.ceil(bracket[0].trials / factor ** round));
        });
      }
    }),
  );
});

it('every bracket ends with the most epochs, and every round of a bracket costs the same but for rounding up', () => {
  fc.assert(
    fc.property(settings.maxEpochs, settings.factor, (maxEpochs, factor) => {
      const brackets = bracketsOf(maxEpochs, factor);
      for (const bracket of brackets) {
        expect(bracket.at(-1)!.epochs).toBe(maxEpochs);
        expect(bracket.at(-1)!.trials).toBeGreaterThanOrEqual(1);
        bracket.slice(1).forEach(({ trials, epochs }, index) => {
          expect(trials).toBeLessThanOrEqual(bracket[index].trials);
          expect(trials * factor).toBeGreaterThanOrEqual(bracket[index].trials);
          expect(epochs).toBeGreaterThanOrEqual(bracket[index].epochs);
        });
        // Without rounding up, each round of a bracket would cost the same part of the budget.
        const share = (brackets.length * maxEpochs) / bracket.length;
        for (const { trials, epochs } of bracket) {
          expect(trials * epochs).toBeGreaterThanOrEqual(share * (1 - 1e-9));
          expect(trials * epochs).toBeLessThan(share + trials + epochs + 1);
        }
      }
    }),
  );
});
