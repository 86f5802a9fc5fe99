import { OnnxRunner } from '@hep/engine';
import { eagerRunner, inference } from '@hep/nn';
import type { Runner, TensorFunction } from '@hep/nn';
import { expectClose, goldenJson } from '@hep/test-support';
import { TRACK_FEATURES, inputSanitizer, measureRanges, momentumWeights, oneHot } from './index.ts';
import { goldenRows, goldenTrack } from './testing/golden-track.ts';

const onnxRunner = new OnnxRunner();
afterAll(() => onnxRunner.close());

const ranges = { minimum: [...goldenTrack('min').values], maximum: [...goldenTrack('max').values] };
const sanitizer = inputSanitizer({ name: 'sanitizer', features: TRACK_FEATURES, ranges });
const sanitise: TensorFunction = ({ x }) => ({ y: sanitizer.apply({}, [x], inference()) });
const encoder = oneHot({ name: 'one_hot', depth: 25 });
const encode: TensorFunction = ({ x }) => ({ y: encoder.apply({}, [x], inference()) });

describe.each<Runner>([eagerRunner, onnxRunner])('inputs on $name', (runner) => {
  it('sanitises features, also those out of range and of the other sign', async () => {
    const { y } = await runner.run(sanitise, { x: goldenTrack('san_in') });
    expectClose(y.values, goldenTrack('san_out').values, { absolute: 1e-5 });
  });

  it('encodes iterations; fractions are cut, unknown codes give zeros', async () => {
    const { inp, out } = goldenJson<{ inp: number[][]; out: number[][] }>('models', 'track_onehot.json');
    const { y } = await runner.run(encode, { x: { shape: [inp.length, 1], values: inp.flat() } });
    expectClose(y.values, out.flat(), {});
  });

  it('maps a feature that never varied to -1, where the reference gives NaN', async () => {
    const { col } = goldenJson<{ col: number }>('models', 'track_san_degenerate.json');
    const maximum = ranges.maximum.map((high, i) => (i === col ? ranges.minimum[i] : high));
    const layer = inputSanitizer({ name: 'flat', features: TRACK_FEATURES, ranges: { ...ranges, maximum } });
    const { y } = await runner.run(({ x }) => ({ y: layer.apply({}, [x], inference()) }), {
      x: goldenTrack('san_in'),
    });
    expect(new Set(y.values.filter((_, i) => i % TRACK_FEATURES.length === col))).toEqual(new Set([-1]));
  });
});

describe('preparation on the host', () => {
  it('measures the ranges of the training tracks', () => {
    const { minimum, maximum } = measureRanges(goldenRows('X', 0, 1500).values);
    expectClose(minimum, ranges.minimum, { relative: 1e-6, absolute: 1e-6 }, 'minima');
    expectClose(maximum, ranges.maximum, { relative: 1e-6, absolute: 1e-6 }, 'maxima');
  });

  it('names the track and the feature of a value that is not finite', () => {
    const values = Float64Array.from(goldenRows('X', 0, 3).values);
    values[2 * 29 + 17] = NaN;
    expect(() => measureRanges(values)).toThrow(
      'feature trk_eta, track 2: NaN, expected a finite number; remove such tracks',
    );
    expect(() => measureRanges([])).toThrow('no tracks');
  });

  it('weights tracks by their transverse momentum', () => {
    const { shape, values } = goldenTrack('X');
    const pt = Array.from({ length: shape[0] }, (_, row) => values[row * shape[1]]);
    expectClose(momentumWeights(pt), goldenTrack('w').values, { relative: 1e-6, absolute: 1e-6 });
  });
});
