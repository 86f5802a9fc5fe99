import { createGenerator } from '@hep/datasets';
import fc from 'fast-check';
import { configurationsOf, drawConfiguration, keyOf, planSearch } from './index.ts';
import type { Configuration, Domain, SearchPlan, SearchSpace } from './index.ts';

const choice = (...values: (string | number | boolean)[]): Domain => ({ kind: 'choice', values });
const objective = { name: 'val_loss', better: 'smaller' } as const;
const layered: SearchSpace = [
  { name: 'layers', domain: { kind: 'integer', from: 1, to: 3 }, times: null },
  { name: 'activation', domain: choice('relu', 'swish'), times: null },
  { name: 'units', domain: choice(32, 64), times: 'layers' },
];
const spaces = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3 }))
  .map(([values, layers]): SearchSpace => [
    { name: 'layers', domain: { kind: 'integer', from: 1, to: layers }, times: null },
    { name: 'units', domain: choice(...Array.from({ length: values }, (_, i) => i)), times: 'layers' },
  ]);
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

it('goes through all configurations of a space once', () => {
  const all = [...configurationsOf(layered)];
  expect(all).toHaveLength(2 * (2 + 4 + 8));
  expect(new Set(all.map(keyOf)).size).toBe(all.length);
});

it('draws only configurations of the space, and each of them', () => {
  const all = new Set([...configurationsOf(layered)].map(keyOf));
  const generator = createGenerator(1);
  const drawn = Array.from({ length: 2000 }, () => keyOf(drawConfiguration(layered, generator)));
  expect(new Set(drawn)).toEqual(all);
});

it('draws every number of layers as often, however many configurations it has', () => {
  const generator = createGenerator(1);
  const draws = Array.from({ length: 3000 }, () => drawConfiguration(layered, generator)['layers']);
  for (const layers of [1, 2, 3]) {
    expect(Math.abs(draws.filter((drawn) => drawn === layers).length - 1000)).toBeLessThan(100);
  }
});

function keysByBracket({ brackets, trials }: SearchPlan): string[][] {
  return brackets.map((_, bracket) =>
    trials.filter((trial) => trial.bracket === bracket).map(({ configuration }) => keyOf(configuration)),
  );
}

const distinct = (keys: readonly string[]) => new Set(keys).size;

it('repeats no configuration within a bracket, nor in the search, where the space allows', () => {
  fc.assert(
    fc.property(spaces, seeds, fc.integer({ min: 1, max: 30 }), (space, seed, maxEpochs) => {
      const plan = planSearch({ space, seed, maxEpochs, factor: 3, objective });
      const size = [...configurationsOf(space)].length;
      const brackets = keysByBracket(plan);
      for (const keys of brackets) expect(distinct(keys)).toBe(Math.min(keys.length, size));
      if (size >= plan.trials.length) expect(distinct(brackets.flat())).toBe(plan.trials.length);
    }),
  );
});

it('plans the same for the same seed', () => {
  const configurations = (seed: number): Configuration[] =>
    planSearch({ space: layered, seed, maxEpochs: 10, factor: 3, objective }).trials.map(
      ({ configuration }) => configuration,
    );
  expect(configurations(3)).toEqual(configurations(3));
  expect(configurations(3)).not.toEqual(configurations(4));
});
