import { OnnxRunner } from '@hep/engine';
import { eagerRunner, inference } from '@hep/nn';
import type { Runner } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import {
  constantFeatures,
  featureDifference,
  inputSanitizer,
  measureRanges,
  momentumWeights,
  TRACK_FEATURES,
} from './index.ts';
import type { TrackFeature } from './index.ts';

const onnxRunner = new OnnxRunner();
afterAll(() => onnxRunner.close());

const feature = (name: string, abs: boolean, log1p: boolean): TrackFeature => ({ name, abs, log1p });
/** Every transform, in an order in which no two neighbours share it. */
const features = [
  feature('plain', false, false),
  feature('size', true, false),
  feature('logOfSize', true, true),
  feature('log', false, true),
  feature('constant', false, false),
];
const values = [...[-2, -3, -4, -0.5, 7], ...[3, 1, 2, 5, 7], ...[0, 0, 0.5, 0, 7]];
const logs = [Math.log1p(0.5), Math.log1p(4), Math.log1p(-0.5), Math.log1p(5)];

describe('a list of features', () => {
  it('measures each one after its own transforms', () => {
    const { minimum, maximum } = measureRanges(values, features);
    expectClose(minimum, [-2, 0, logs[0], logs[2], 7], { absolute: 1e-12 });
    expectClose(maximum, [3, 3, logs[1], logs[3], 7], { absolute: 1e-12 });
    expect(constantFeatures(features, { minimum, maximum })).toEqual(['constant']);
  });

  it('refuses what log1p cannot take, with the feature and the track', () => {
    const wrong = values.map((value, i) => (i === 8 ? -1 : value));
    expect(() => measureRanges(wrong, features)).toThrow(
      'feature log, track 1: -1, expected more than -1 for log1p; give the feature abs, too',
    );
  });

  it.each<Runner>([eagerRunner, onnxRunner])('is sanitised within [-1, 1] on $name', async (runner) => {
    const ranges = measureRanges(values, features);
    const layer = inputSanitizer({ name: 'sanitizer', features, ranges });
    // The last row lies out of all ranges, where log1p is not defined.
    const rows = [...values, ...[9, -9, -9, -9, -9]];
    const { y } = await runner.run(({ x }) => ({ y: layer.apply({}, [x], inference()) }), {
      x: { shape: [4, 5], values: rows },
    });
    const place = (x: number, low: number, high: number) => (2 * (x - low)) / (high - low) - 1;
    const expected = [
      ...[-1, 1, 1, -1, -1],
      ...[1, place(1, 0, 3), place(Math.log1p(2), logs[0], logs[1]), 1, -1],
      ...[place(0, -2, 3), -1, -1, place(0, logs[2], logs[3]), -1],
      ...[1, 1, 1, -1, -1],
    ];
    expectClose(y.values, expected, { absolute: 1e-6 });
  });

  it("tells Keras' layer its transforms unless they are the reference's", () => {
    const config = (list: readonly TrackFeature[]) => {
      const flat = { minimum: list.map(() => 0), maximum: list.map(() => 1) };
      return inputSanitizer({ name: 'sanitizer', features: list, ranges: flat }).kerasConfig().config;
    };
    expect(config(features)['abs']).toEqual([false, true, true, false, false]);
    expect(config(features)['log1p']).toEqual([false, false, true, true, false]);
    const renamed = TRACK_FEATURES.map((own) => ({ ...own, name: `my_${own.name}` }));
    expect(Object.keys(config(renamed))).not.toContain('abs');
  });

  it('names the first place where two lists part', () => {
    expect(featureDifference(features, features)).toBeNull();
    const swapped = [features[1], features[0], ...features.slice(2)];
    expect(featureDifference(swapped, features)).toBe('input 0 is size abs, expected plain');
    expect(featureDifference(features.slice(0, 4), features)).toBe('input 4 is missing, expected constant');
    expect(featureDifference(features, [...features.slice(0, 2), feature('logOfSize', true, false)])).toBe(
      'input 2 is logOfSize abs log1p, expected logOfSize abs',
    );
  });
});

it('weights stay between those of 0 and 50 GeV', () => {
  expectClose(momentumWeights([-1, 0, 1, 50, 500]), [0, 0, Math.log(2), Math.log(51), Math.log(51)], {
    relative: 1e-6,
  });
});
