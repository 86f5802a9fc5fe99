import { eagerRunner, initialise, predict, withinPath } from '@hep/nn';
import { measureRanges, trackNetwork } from './index.ts';
import { goldenColumn, goldenRows, prefixed } from './testing/golden-track.ts';

it('runs the example of the README', async () => {
  const tracks = goldenRows('X', 0, 8);
  const iterations = goldenColumn('algo', 0, 8);

  const { classifier } = trackNetwork({ ranges: measureRanges(tracks.values) });
  const weights = initialise(classifier.parameterSpecs, 1);
  const { dense_5: scores } = await eagerRunner.run(
    (tensors) => predict(classifier, withinPath(tensors, 'weights'), tensors),
    { regular_input_layer: tracks, categorical_input_layer: iterations, ...prefixed('weights', weights) },
  );

  expect(scores.shape).toEqual([8, 1]);
  expect(scores.values.every((score) => score > 0 && score < 1)).toBe(true);
});
