import {
  activation,
  chain,
  concatenate,
  connect,
  conv2dTranspose,
  dense,
  flatten,
  input,
  maxPooling2d,
  network,
  reshape,
  sizeOf,
  takeChannel,
  upSampling2d,
} from '@hep/nn';
import type { Layer, NetworkNode, Padding, Pair, Shape } from '@hep/nn';
import { UserError } from '@hep/options';
import { joinAutoencoder } from './autoencoder.ts';
import type { Autoencoder } from './autoencoder.ts';
import { encoderLayers } from './encoder-layers.ts';
import type { EncoderLayers } from './encoder-layers.ts';
import { LayerNames } from './layer-names.ts';
import type { LearnedBits } from './learned-bits.ts';
import type { Quantisation } from './quantisation.ts';

/** Options of `separableCnn`. */
export interface SeparableCnnOptions {
  /** [height, width, channels]; one channel per sector of the module. */
  readonly imageShape: readonly [number, number, number];
  /** Default 8. */
  readonly filters?: number;
  /** Default 3. */
  readonly kernelSize?: Pair;
  /** Follow the convolution by 2x2 pooling; default false. */
  readonly pool?: boolean;
  /** Default `same`. */
  readonly padding?: Padding;
  /** One convolution for every channel (default) or one each. */
  readonly shareFilters?: boolean;
  /** Length of the latent vector; default 12. */
  readonly encodedSize?: number;
  /** Formats of the encoder's numbers; default float32. */
  readonly quantisation?: Quantisation;
  /** Learn the bits of the encoder's numbers, which start as `quantisation` says. */
  readonly learned?: LearnedBits;
}

/**
 * Autoencoder that convolves every channel by itself (`SepConv`; Ecoder study, dense2DkernelCNN). The decoder's
 * transposed convolutions are shared by all channels. Layers have the study's names.
 * @throws UserError when the decoder does not restore the image's shape
 */
export function separableCnn(options: SeparableCnnOptions): Autoencoder {
  const { imageShape, encodedSize = 12 } = options;
  const image = input('input_1', imageShape);
  const layers = encoderLayers(options);
  const channels = branchesOf(options, chain(image, layers.input), layers);
  const vectors = channels.map((node, i) => connect(flatten({ name: `flatten_${i + 1}` }), node));
  const joined = connect(concatenate({ name: 'concat_1' }), ...vectors);
  const encoded = chain(joined, layers.latent(encodedSize));
  const latent = input('decoder_input', [encodedSize]);
  const restored = decoded(options, latent, channels[0].shape);
  if (String(restored.shape) !== String(imageShape)) {
    throw new UserError(
      `decoder makes images of ${restored.shape.join('x')}, expected ${imageShape.join('x')}: ` +
        'use padding and pooling that fit the image',
    );
  }
  return joinAutoencoder(
    imageShape,
    network('encoder', [image], [encoded]),
    network('decoder', [latent], [restored]),
  );
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Convolution, pooling and rectifier of each channel. */
function branchesOf(options: SeparableCnnOptions, image: NetworkNode, layers: EncoderLayers): NetworkNode[] {
  const { filters = 8, kernelSize = 3, padding = 'same', pool = false, shareFilters = true } = options;
  const names = new LayerNames();
  const convolution = (name: string) => layers.convolution({ name, filters, kernelSize, padding });
  const shared = shareFilters ? convolution('conv2d_1') : null;
  return range(image.shape[2]).map((index) => {
    const own = shared ?? convolution(names.next('conv2d'));
    const pooling = pool ? [maxPooling2d({ name: names.next('max_pooling2d'), padding: 'same' })] : [];
    return chain(image, [
      takeChannel({ name: `lambda_${index + 1}`, index, channels: image.shape[2], axes: 3 }),
      own,
      ...pooling,
      ...layers.rectifier(`accum${index + 1}`),
    ]);
  });
}

/** Dense layer, then transposed convolutions of each channel's part. */
function decoded(options: SeparableCnnOptions, latent: NetworkNode, branchShape: Shape): NetworkNode {
  const { imageShape, kernelSize = 3, padding = 'same', pool = false } = options;
  const count = imageShape[2];
  const [height, width, filters] = branchShape;
  const volume = chain(latent, [
    dense({ name: 'dense_2', units: sizeOf(branchShape) * count, activation: 'relu' }),
    reshape({ name: 'reshape_1', targetShape: [height, width, filters, count] }),
  ]);
  const names = new LayerNames();
  const shared: Layer[] = [
    conv2dTranspose({ name: 'conv2d_transpose_1', filters, kernelSize, padding, activation: 'relu' }),
    conv2dTranspose({ name: 'conv2d_transpose_2', filters: 1, kernelSize, padding: 'same' }),
  ];
  const channels = range(count).map((index) => {
    const part = takeChannel({ name: `lambda_${count + index + 1}`, index, channels: count, axes: 4 });
    const image = reshape({ name: `channel_${index + 1}`, targetShape: branchShape });
    const up = pool ? [upSampling2d({ name: names.next('up_sampling2d') })] : [];
    return chain(volume, [part, image, ...up, ...shared]);
  });
  const joined = connect(concatenate({ name: 'concat_2' }), ...channels);
  return connect(activation({ name: 'decoder_output', activation: 'sigmoid' }), joined);
}
