import { tf } from '@hep/graph';
import { initialise, chain, input, modelOf, network, predict, toParameters } from '@hep/nn';
import { parseQuantiser } from './notation.ts';
import { qActivation } from './layers/qactivation.ts';
import { qDense } from './layers/qdense.ts';
import { learnedDense } from './learned/learned-layers.ts';
import { networkEbops } from './learned/network-ebops.ts';

describe('README', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('quantises weights and trains through the rounding', () => {
    const weights = parseQuantiser('quantized_bits(5,1,0,alpha=1)');
    const x = tf.tensor1d([0.0626, 0.49, 1.99, -9]);
    expect([...weights.apply(x).dataSync()]).toEqual([0.125, 0.5, 1.875, -2]);
    const slope = tf.grad((v) => tf.sum(weights.apply(v)))(x);
    expect([...slope.dataSync()]).toEqual([1, 1, 1, 1]);
    expect([weights.range()!.length, weights.minimum, weights.maximum]).toEqual([32, -2, 2]);
  });

  it('counts effective bit operations', () => {
    const layers = [
      learnedDense({ name: 'hidden', units: 8 }),
      qActivation({ name: 'codes', activation: 'quantized_relu(8,2)' }),
    ];
    const x = input('x', [4]);
    const net = network('small', [x], [chain(x, layers)]);
    const costs = networkEbops({ network: net, weights: initialise(net.parameterSpecs, 1) });
    expect(costs).toEqual([{ layer: 'hidden', ebops: 4 * 8 * 8 * 8 + 8 * 8 }]);
  });

  it('builds a quantised model', () => {
    const weights = 'quantized_bits(5,1,0,alpha=1)';
    const image = input('image', [64]);
    const layers = [
      qDense({ name: 'latent', units: 16, kernelQuantiser: weights, biasQuantiser: weights }),
      qActivation({ name: 'latent_qa', activation: 'quantized_relu(9,1)' }),
    ];
    const encoder = modelOf(network('encoder', [image], [chain(image, layers)]));
    const parameters = toParameters(encoder.parameterSpecs, initialise(encoder.parameterSpecs, 1));
    const { latent_qa: codes } = predict(encoder, parameters, { image: tf.fill([2, 64], 0.125) });
    expect(codes.shape).toEqual([2, 16]);
    expect([...codes.dataSync()].every((code) => Number.isInteger(code * 256) && code >= 0 && code < 2)).toBe(
      true,
    );
  });
});
