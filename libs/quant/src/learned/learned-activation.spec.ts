import { tf } from '@hep/graph';
import { Context, inference } from '@hep/nn';
import { learnedActivation } from './learned-activation.ts';
import { learnedDefaults } from './learned-settings.ts';

beforeAll(() => tf.setBackend('cpu'));

it('an activation quantises each element with its own bits and keeps the shape', () => {
  const settings = { ...learnedDefaults.activation, overflow: 'SAT', decay: undefined } as const;
  const layer = learnedActivation({ name: 'a', settings });
  expect(layer.outputShape([[2, 3]])).toEqual([2, 3]);
  expect(layer.parameters([[3]]).map(({ name, shape }) => [name, shape])).toEqual([
    ['output_integer', [3]],
    ['output_fraction', [3]],
  ]);
  const parameters = { output_integer: tf.tensor1d([0, 1, 2]), output_fraction: tf.tensor1d([2, 1, 0]) };
  for (const context of [new Context(true), inference()]) {
    const result = layer.apply(
      parameters,
      [
        tf.tensor2d([
          [0.3, 0.3, 0.3],
          [9, 9, -9],
        ]),
      ],
      context,
    );
    expect([...result.dataSync()]).toEqual([0.25, 0.5, 0, 0.75, 1.5, -4]);
  }
});
