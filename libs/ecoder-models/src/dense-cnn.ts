import {
  activation,
  chain,
  conv2d,
  conv2dTranspose,
  dense,
  flatten,
  input,
  maxPooling2d,
  network,
  reshape,
  sizeOf,
  upSampling2d,
} from '@hep/nn';
import type { ActivationName, Layer, Padding, Pair, Shape } from '@hep/nn';
import { UserError } from '@hep/options';
import { joinAutoencoder } from './autoencoder.ts';
import type { Autoencoder } from './autoencoder.ts';
import { LayerNames } from './layer-names.ts';
import { maskLayer } from './mask-layer.ts';

/** Options of `denseCnn`. Lists have one entry per convolution; a list of one entry stands for all of them. */
export interface DenseCnnOptions {
  /** [height, width, channels] */
  readonly imageShape: readonly [number, number, number];
  /** Filters of the convolutions; default [8]. */
  readonly filters?: readonly number[];
  /** Default [3]. */
  readonly kernelSizes?: readonly Pair[];
  /** Which convolutions are followed by 2x2 pooling; default [false]. */
  readonly pool?: readonly boolean[];
  /** Default ['same']. */
  readonly padding?: readonly Padding[];
  /** Default [1]. */
  readonly strides?: readonly Pair[];
  /** Sizes of dense layers between convolutions and latent vector; default none. */
  readonly denseUnits?: readonly number[];
  /** Length of the latent vector; default 16. */
  readonly encodedSize?: number;
  /** Of the latent vector; default `relu`. */
  readonly activation?: ActivationName;
  /** Pixels whose convolution output enters the dense layers; default all. */
  readonly keepPixels?: readonly boolean[];
  /**
   * `reference`: the decoder repeats the encoder's layers in the encoder's order, as the Ecoder study does.
   * `mirrored` (default): in reverse, so that sizes fit whatever the strides.
   */
  readonly decoderOrder?: 'reference' | 'mirrored';
}

interface Stage {
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly pool: boolean;
  readonly padding: Padding;
  readonly strides: Pair;
}

/**
 * Autoencoder of convolutions and dense layers (Ecoder study, denseCNN). Layers are named as Keras names them.
 * @throws UserError when lists differ in length or the decoder does not restore the image's shape
 */
export function denseCnn(options: DenseCnnOptions): Autoencoder {
  const { imageShape, denseUnits = [], encodedSize = 16 } = options;
  const stages = stagesOf(options);
  const names = new LayerNames();
  const image = input('input_1', imageShape);
  const features = chain(image, convolutions(stages, names));
  const vector = chain(features, [
    flatten({ name: names.next('flatten') }),
    ...maskOf(options, stages, names),
    ...hidden(denseUnits, names),
    dense({ name: 'encoded_vector', units: encodedSize, activation: options.activation ?? 'relu' }),
  ]);
  const encoder = network('encoder', [image], [vector]);
  const decoderLayers = decoderOf(options, stages, features.shape, names);
  const latent = input('decoder_input', [encodedSize]);
  const decoder = network('decoder', [latent], [chain(latent, decoderLayers)]);
  const restored = decoder.outputs[0].shape;
  if (String(restored) !== String(imageShape)) {
    throw new UserError(
      `decoder makes images of ${restored.join('x')}, expected ${imageShape.join('x')}: ` +
        'use strides and pooling that divide the image, or the mirrored decoder order',
    );
  }
  return joinAutoencoder(imageShape, encoder, decoder);
}

function stagesOf(options: DenseCnnOptions): Stage[] {
  const { filters = [8] } = options;
  const entry = <T>(what: string, list: readonly T[], i: number): T => {
    if (list.length !== 1 && list.length !== filters.length) {
      throw new UserError(
        `${what}: ${list.length} entries for ${filters.length} convolutions, expected 1 or as many`,
      );
    }
    return list[list.length === 1 ? 0 : i];
  };
  return filters.map((count, i) => ({
    filters: count,
    kernelSize: entry('kernel sizes', options.kernelSizes ?? [3], i),
    pool: entry('pool', options.pool ?? [false], i),
    padding: entry('padding', options.padding ?? ['same'], i),
    strides: entry('strides', options.strides ?? [1], i),
  }));
}

function convolutions(stages: readonly Stage[], names: LayerNames): Layer[] {
  return stages.flatMap(({ pool, ...stage }) => {
    const convolution = conv2d({ ...stage, name: names.next('conv2d'), activation: 'relu' });
    return pool
      ? [convolution, maxPooling2d({ name: names.next('max_pooling2d'), padding: 'same' })]
      : [convolution];
  });
}

function maskOf({ keepPixels }: DenseCnnOptions, stages: readonly Stage[], names: LayerNames): Layer[] {
  if (keepPixels === undefined) return [];
  return [
    maskLayer({
      name: names.next('mask_layer'),
      filters: stages[stages.length - 1].filters,
      keep: keepPixels,
    }),
  ];
}

function hidden(units: readonly number[], names: LayerNames): Layer[] {
  return units.map((count) => dense({ name: names.next('dense'), units: count, activation: 'relu' }));
}

function decoderOf(
  { imageShape, denseUnits = [], decoderOrder = 'mirrored' }: DenseCnnOptions,
  stages: readonly Stage[],
  featureShape: Shape,
  names: LayerNames,
): Layer[] {
  const mirrored = decoderOrder === 'mirrored';
  const ordered = mirrored ? [...stages].reverse() : stages;
  const restoring = ordered.flatMap(({ pool, ...stage }) => {
    const up = pool ? [upSampling2d({ name: names.next('up_sampling2d') })] : [];
    return [...up, conv2dTranspose({ ...stage, name: names.next('conv2d_transpose'), activation: 'relu' })];
  });
  return [
    ...hidden(mirrored ? [...denseUnits].reverse() : denseUnits, names),
    dense({ name: names.next('dense'), units: sizeOf(featureShape), activation: 'relu' }),
    reshape({ name: names.next('reshape'), targetShape: featureShape }),
    ...restoring,
    conv2dTranspose({
      name: names.next('conv2d_transpose'),
      filters: imageShape[2],
      kernelSize: stages[0].kernelSize,
      padding: 'same',
    }),
    activation({ name: 'decoder_output', activation: 'sigmoid' }),
  ];
}
