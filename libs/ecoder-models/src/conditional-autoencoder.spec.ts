import { tf } from '@hep/graph';
import {
  batchMean,
  gradientsOf,
  initialise,
  parameterCount,
  predict,
  toParameters,
  withinPath,
} from '@hep/nn';
import { expectClose } from '@hep/test-support';
import { chipQuantisation, conditionalAutoencoder } from './conditional-autoencoder.ts';
import { ecoderLoss } from './losses.ts';
import { ecoderModel } from './zoo.ts';

beforeAll(() => tf.setBackend('cpu'));

const model = ecoderModel('cae');
const { encoder, decoder, autoencoder } = model;
const weights = initialise(autoencoder.parameterSpecs, 3);

const inputs = () => ({
  input_1: tf.randomUniform([5, 8, 8, 1], 0, 0.5, 'float32', 7),
  conditions: tf.randomUniform([5, 8], -1, 1, 'float32', 8),
});

describe('the conditional autoencoder', () => {
  it('has the numbers of parameters of the reference', () => {
    expect(parameterCount(encoder.parameterSpecs)).toBe(2144);
    expect(parameterCount(autoencoder.parameterSpecs)).toBe(12_737);
    expect(decoder.inputs).toEqual({ decoder_input: [24] });
    expect(autoencoder.inputs).toEqual({ input_1: [8, 8, 1], conditions: [8] });
    expect(model.conditions).toBe(8);
  });

  it.each([
    [2, 3],
    [3, 5],
    [4, 7],
    [5, 9],
  ])('on %d eLinks sends signed latents of %d bits', (elinks, bits) => {
    const { encoder, quantisation } = ecoderModel('cae', { elinks });
    expect(quantisation?.latent).toEqual({ bits, integer: 1 });
    tf.tidy(() => {
      const parameters = toParameters(encoder.parameterSpecs, withinPath(weights, 'encoder'));
      const [latent] = Object.values(predict(encoder, parameters, { input_1: inputs().input_1 }));
      expect(latent.shape).toEqual([5, 16]);
      const codes = [...latent.dataSync()].map((value) => value * 2 ** (bits - 1));
      expect(codes).toEqual(codes.map(Math.floor));
      expect(Math.min(...codes)).toBeLessThan(0);
    });
  });

  it('decodes latent vector and conditions, in this order', () => {
    tf.tidy(() => {
      const given = inputs();
      const parameters = toParameters(autoencoder.parameterSpecs, weights);
      const [latent] = Object.values(predict(encoder, withinPath(parameters, 'encoder'), given));
      const decoder_input = tf.concat([latent, given.conditions], 1);
      const [apart] = Object.values(predict(decoder, withinPath(parameters, 'decoder'), { decoder_input }));
      const [joined] = Object.values(predict(autoencoder, parameters, given));
      expect(joined.shape).toEqual([5, 8, 8, 1]);
      expectClose(joined.dataSync(), apart.dataSync(), {});
    });
  });

  it('cuts the transposed convolution as the reference does', () => {
    tf.tidy(() => {
      const x = tf.randomUniform<tf.Rank.R4>([2, 4, 4, 8], -1, 1, 'float32', 1);
      const kernel = tf.randomUniform<tf.Rank.R4>([3, 3, 1, 8], -1, 1, 'float32', 2);
      const valid = tf.conv2dTranspose(x, kernel, [2, 9, 9, 1], 2, 'valid');
      const same = tf.conv2dTranspose(x, kernel, [2, 8, 8, 1], 2, 'same');
      expectClose(same.dataSync(), tf.slice(valid, [0, 0, 0, 0], [2, 8, 8, 1]).dataSync(), {});
    });
  });

  it.each([2, 5])('trains its encoder on %d eLinks, which the reference does not', (elinks) => {
    const { autoencoder, arrangement, lossName } = ecoderModel('cae', { elinks });
    const loss = ecoderLoss(lossName, arrangement);
    const specs = autoencoder.parameterSpecs;
    tf.tidy(() => {
      const given = inputs();
      const parameters = toParameters(specs, weights);
      const { gradients } = gradientsOf(specs, parameters, () => {
        const [decoded] = Object.values(predict(autoencoder, parameters, given));
        return { value: batchMean(loss(given.input_1, decoded)), extra: {} };
      });
      for (const name of ['encoder/conv2d_0_m/kernel', 'encoder/encoded_vector/kernel']) {
        expect(tf.max(tf.abs(gradients[name])).dataSync()[0]).toBeGreaterThan(0);
      }
    });
  });

  it('takes other formats', () => {
    expect(chipQuantisation({ conv: { bits: 5, integer: 0 }, dense: undefined })).toEqual({
      ...chipQuantisation(),
      conv: { bits: 5, integer: 0 },
    });
    const formats = { ...chipQuantisation(), latent: { bits: 30, integer: 1 } };
    expect(() => conditionalAutoencoder(formats)).toThrow('truncation to 30 bits');
    expect(() => chipQuantisation({ latent: { bits: 5, integer: 2 } })).toThrow(
      'bits of latent: 2 before the point',
    );
    expect(() => ecoderModel('cae', { elinks: 0 })).toThrow(
      '0 eLinks: latent bits are defined for 2, 3, 4 and 5',
    );
  });
});
