import { Context, initialise, parameterCount, toParameters } from '@hep/nn';
import type { Network } from '@hep/nn';
import { tf } from '@hep/graph';
import { UserError } from '@hep/options';
import { networkEbops } from '@hep/quant';
import { denseCnn } from './dense-cnn.ts';
import { separableCnn } from './separable-cnn.ts';
import { ecoderLoss } from './losses.ts';
import { quantisation } from './quantisation.ts';
import { ecoderModel, ecoderModelNames, floatModelNames, learnedModelNames, quantisedName } from './zoo.ts';

const counts = (name: string) => {
  const { encoder, decoder } = ecoderModel(name);
  return [parameterCount(encoder.parameterSpecs), parameterCount(decoder.parameterSpecs)];
};

describe('zoo', () => {
  it('has the numbers of parameters of the study', () => {
    expect(counts('8x8_c8_S2_tele')).toEqual([2144, 2833]);
    expect(counts('8x8_c8_pool_tele')).toEqual([2144, 2833]);
    expect(counts('8x8_c8_S2_exact')).toEqual([2144, 2833]);
    expect(counts('8x8_c8_S2_exact_dense')).toEqual([2144, 86592]);
    expect(counts('8x8_c[8]')).toEqual([8288, 9361]);
    expect(counts('nom')).toEqual([2288, 2979]);
    expect(counts('SepConv')).toEqual([6240, 7185]);
    expect(counts('SepConv_NoShareFilter')[0]).toBe(6400);
    expect(counts('Sep29_SepConv_663_pool_v3')).toEqual([1632, 2289]);
  });

  it('names layers as Keras', () => {
    const layers = (network: { readonly nodes: Network['nodes'] }) => network.nodes.map(({ name }) => name);
    const { encoder, decoder, autoencoder } = ecoderModel('8x8_c8_pool_tele');
    expect(layers(encoder.network)).toEqual([
      'input_1',
      'conv2d',
      'max_pooling2d',
      'flatten',
      'encoded_vector',
    ]);
    expect(layers(decoder.network)).toEqual([
      'decoder_input',
      'dense',
      'reshape',
      'up_sampling2d',
      'conv2d_transpose',
      'conv2d_transpose_1',
      'decoder_output',
    ]);
    expect(autoencoder.parameterSpecs[0].name).toBe('encoder/conv2d/kernel');
  });

  it('names layers of quantised networks as the study', () => {
    const { encoder, decoder } = ecoderModel('8x8_c8_pool_tele_qK');
    expect(encoder.network.nodes.map(({ name }) => name)).toEqual([
      'input_1',
      'input_qa',
      'conv2d_0_m',
      'mp_0',
      'accum1_qa',
      'flatten',
      'encoded_vector',
      'encod_qa',
    ]);
    expect(decoder.network.nodes.map(({ name }) => name)).toEqual([
      'decoder_input',
      'de_dense_final',
      'de_reshape',
      'up_0',
      'conv2D_t_0',
      'conv2d_t_final',
      'decoder_output',
    ]);
  });

  it('rectifies every convolution and hidden layer, or as the study only once', () => {
    const options = { imageShape: [4, 4, 3], filters: [4, 4], denseUnits: [16] } as const;
    const layers = (rectifyAll: boolean) =>
      denseCnn({ ...options, quantisation: quantisation(), rectifyAll })
        .encoder.network.nodes.map(({ name }) => name)
        .slice(2, -2);
    expect(layers(true)).toEqual([
      'conv2d_0_m',
      'conv2d_0_qa',
      'conv2d_1_m',
      'accum1_qa',
      'flatten',
      'en_dense_0',
      'en_dense_0_qa',
    ]);
    expect(layers(false)).toEqual(['conv2d_0_m', 'conv2d_1_m', 'accum1_qa', 'flatten', 'en_dense_0']);
  });

  it('gives every network a twin of the same size', () => {
    for (const name of floatModelNames) {
      expect(quantisedName(name)).toBe(`${name}_qK`);
      expect(quantisedName(quantisedName(name))).toBe(`${name}_qK`);
      expect(counts(`${name}_qK`)).toEqual(counts(name));
    }
  });

  it('gives every network a twin with learned bits', () => {
    expect(learnedModelNames).toHaveLength(floatModelNames.length);
    expect(learnedModelNames).toContain('8x8_c8_S2_hgq_tele');
    const {
      encoder,
      quantisation: formats,
      learned,
    } = ecoderModel('8x8_c8_S2_hgq_tele', { granularity: 'channel' });
    expect([formats, learned]).toEqual([quantisation(), { weights: 'channel', activations: 'tensor' }]);
    const shapes = Object.fromEntries(encoder.parameterSpecs.map(({ name, shape }) => [name, shape]));
    expect(shapes['conv2d_0_m/kernel_bits']).toEqual([1, 1, 1, 8]);
    expect(shapes['encoded_vector/input_fraction']).toEqual([1]);
    const start = networkEbops({ network: encoder.network, weights: initialise(encoder.parameterSpecs, 1) });
    // Kernels begin with 4 bits beside the sign, accumulators with 11, as does the image.
    expect(start).toEqual([
      { layer: 'conv2d_0_m', ebops: 11 * 11 * 8 * 11 * 4 + 64 * 8 * 4 },
      { layer: 'encoded_vector', ebops: 128 * 16 * 11 * 4 + 16 * 4 },
    ]);
  });

  const studied = ecoderModelNames.filter((name) => name !== 'cae');
  it.each(studied)('%s maps images to images in (0, 1)', (name) => {
    const { autoencoder, arrangement, lossName } = ecoderModel(name);
    const loss = ecoderLoss(lossName === 'emd' ? 'mse' : lossName, arrangement);
    const [height, width, channels] = arrangement.shape;
    tf.tidy(() => {
      const image = tf.fill([2, height, width, channels], 0.02);
      const parameters = toParameters(autoencoder.parameterSpecs, initialise(autoencoder.parameterSpecs, 1));
      const { decoder } = autoencoder.apply(parameters, { input_1: image }, new Context(false));
      expect(decoder.shape).toEqual(image.shape);
      const values = [...decoder.dataSync(), ...loss(image, decoder).dataSync()];
      expect(values.every((value) => value > 0)).toBe(true);
    });
  });

  it('knows the networks that were trained on EMD networks', () => {
    const names = ecoderModelNames.filter((name) => name.includes('_emd_'));
    expect(names.map((name) => ecoderModel(name).lossName)).toEqual(['emd', 'emd', 'emd', 'emd']);
    expect(counts(names[0])).toEqual(counts('8x8_c8_S2_qK_RTL_tele'));
    expect(() => ecoderLoss('emd', ecoderModel(names[0]).arrangement)).toThrow(
      'loss emd: no EMD network; give the file of a trained one with --emd-network',
    );
  });

  it('tells near names', () => {
    expect(() => ecoderModel('8x8_c8_S2_telle')).toThrow(UserError);
    expect(() => ecoderModel('8x8_c8_S2_telle')).toThrow('near it: 8x8_c8_S2_tele,');
  });
});

describe('formats', () => {
  it('have as many latent bits as the eLinks carry', () => {
    const bits = [2, 3, 4, 5].map((elinks) => quantisation({ elinks }).latent);
    expect(bits.map((format) => format.bits)).toEqual([3, 5, 7, 9]);
    expect(bits.map((format) => format.integer)).toEqual([1, 1, 1, 1]);
    expect(() => quantisation({ elinks: 6 })).toThrow('6 eLinks: latent bits are defined for 2, 3, 4 and 5');
  });

  it('come as presets, each of which may be replaced', () => {
    const asic = { bits: 6, integer: 0 };
    expect(quantisation({ preset: 'asic' })).toMatchObject({ conv: asic, dense: asic });
    const { quantisation: formats } = ecoderModel('nom_qK', { conv: { bits: 4, integer: 2 } });
    expect(formats).toEqual({ ...quantisation(), conv: { bits: 4, integer: 2 } });
    expect(ecoderModel('nom').quantisation).toBeNull();
  });

  it.each([
    [
      { input: { bits: 0, integer: 0 } },
      'bits of input: quantized_bits: bits is 0, expected an integer from 1',
    ],
    [{ dense: { bits: 4, integer: 5 } }, 'bits of dense: quantized_bits: integer is 5 of 4 bits'],
  ])('that cannot exist are refused: %j', (formats, message) => {
    expect(() => quantisation(formats)).toThrow(UserError);
    expect(() => quantisation(formats)).toThrow(message);
  });
});

describe('mistakes in a configuration', () => {
  it('are told in one line', () => {
    const imageShape = [8, 8, 1] as const;
    expect(() => denseCnn({ imageShape, filters: [8, 4, 2], strides: [1, 2] })).toThrow(
      'strides: 2 entries for 3 convolutions, expected 1 or as many',
    );
    expect(() => denseCnn({ imageShape: [6, 6, 3], strides: [4] })).toThrow(
      'decoder makes images of 8x8x3, expected 6x6x3',
    );
    expect(() =>
      separableCnn({ imageShape: [6, 6, 3], padding: 'valid', kernelSize: 4, pool: true }),
    ).toThrow('decoder makes images of 7x7x3');
  });

  it('mirrored decoders restore images that the reference order cannot', () => {
    const options = {
      imageShape: [8, 8, 1],
      filters: [8, 4],
      strides: [2, 1],
      padding: ['same', 'valid'],
    } as const;
    expect(denseCnn(options).decoder.network.outputs[0].shape).toEqual([8, 8, 1]);
    expect(() => denseCnn({ ...options, decoderOrder: 'reference' })).toThrow(
      'decoder makes images of 6x6x1',
    );
  });
});
