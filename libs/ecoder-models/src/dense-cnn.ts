import {
  activation,
  chain,
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
import { encoderLayers } from './encoder-layers.ts';
import type { EncoderLayers } from './encoder-layers.ts';
import { kerasNames, quantisedNames } from './layer-names.ts';
import type { DenseCnnNames } from './layer-names.ts';
import type { LearnedBits } from './learned-bits.ts';
import { maskLayer } from './mask-layer.ts';
import type { Quantisation } from './quantisation.ts';

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
  /** Of the latent vector in float32; default `relu`. Quantised ones are rectified. */
  readonly activation?: ActivationName;
  /** Formats of the encoder's numbers, and layer names of the study's qDenseCNN; default float32. */
  readonly quantisation?: Quantisation;
  /** Learn the bits of the encoder's numbers, which start as `quantisation` says. */
  readonly learned?: LearnedBits;
  /**
   * Whether every convolution and hidden dense layer of a quantised encoder is rectified (default); the study rectifies
   * only after the last convolution.
   */
  readonly rectifyAll?: boolean;
  /** Pixels whose convolution output enters the dense layers; default all. */
  readonly keepPixels?: readonly boolean[];
  /**
   * `reference`: the decoder repeats the encoder's layers in the encoder's order, as the Ecoder study does.
   * `mirrored` (default): in reverse, so that sizes fit whatever the strides.
   */
  readonly decoderOrder?: 'reference' | 'mirrored';
  /** A decoder of dense layers alone, of these sizes, instead of one that goes the encoder's way back. */
  readonly decoderUnits?: readonly number[];
}

interface Stage {
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly pool: boolean;
  readonly padding: Padding;
  readonly strides: Pair;
}

/**
 * Autoencoder of convolutions and dense layers (Ecoder study, denseCNN and qDenseCNN). Layers are named as there.
 * @throws UserError when lists differ in length or the decoder does not restore the image's shape
 */
export function denseCnn(options: DenseCnnOptions): Autoencoder {
  const { imageShape, encodedSize = 16, quantisation } = options;
  const stages = stagesOf(options);
  const names = quantisation ? quantisedNames : kerasNames();
  const layers = encoderLayers(options);
  const image = input('input_1', imageShape);
  const features = chain(image, [...layers.input, ...convolutions(options, stages, layers, names)]);
  const vector = chain(features, [
    flatten({ name: 'flatten' }),
    ...maskOf(options, stages),
    ...hidden(options, layers, names),
    ...layers.latent(encodedSize),
  ]);
  const encoder = network('encoder', [image], [vector]);
  const decoderLayers =
    options.decoderUnits === undefined
      ? decoderOf(options, stages, features.shape, names)
      : denseDecoder(imageShape, options.decoderUnits, names);
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

function convolutions(
  { rectifyAll = true }: DenseCnnOptions,
  stages: readonly Stage[],
  layers: EncoderLayers,
  names: DenseCnnNames,
): Layer[] {
  return stages.flatMap(({ pool, ...stage }, i) => {
    const isLast = i === stages.length - 1;
    return [
      layers.convolution({ ...stage, name: names.convolution(i) }),
      ...(pool ? [maxPooling2d({ name: names.pooling(i), padding: 'same' })] : []),
      ...(rectifyAll || isLast ? layers.rectifier(names.rectifier(i, isLast)) : []),
    ];
  });
}

function maskOf({ keepPixels }: DenseCnnOptions, stages: readonly Stage[]): Layer[] {
  if (keepPixels === undefined) return [];
  const { filters } = stages[stages.length - 1];
  return [maskLayer({ name: 'mask_layer', filters, keep: keepPixels })];
}

function hidden(
  { denseUnits = [], rectifyAll = true }: DenseCnnOptions,
  layers: EncoderLayers,
  names: DenseCnnNames,
): Layer[] {
  return denseUnits.flatMap((units, i) => {
    const rectified = layers.hidden(names.hidden(i), units);
    return rectifyAll ? rectified : rectified.slice(0, 1);
  });
}

function decoderOf(
  { imageShape, denseUnits = [], decoderOrder = 'mirrored' }: DenseCnnOptions,
  stages: readonly Stage[],
  featureShape: Shape,
  names: DenseCnnNames,
): Layer[] {
  const mirrored = decoderOrder === 'mirrored';
  const ordered = <T>(list: readonly T[]) => (mirrored ? [...list].reverse() : list);
  const restoring = ordered(stages).flatMap(({ pool, ...stage }, i) => {
    const up = pool ? [upSampling2d({ name: names.upSampling(i) })] : [];
    return [...up, conv2dTranspose({ ...stage, name: names.transposed(i), activation: 'relu' })];
  });
  const units = ordered(denseUnits);
  return [
    ...units.map((count, i) => dense({ name: names.hiddenOfDecoder(i), units: count, activation: 'relu' })),
    dense({ name: names.features(), units: sizeOf(featureShape), activation: 'relu' }),
    reshape({ name: names.reshape(), targetShape: featureShape }),
    ...restoring,
    conv2dTranspose({
      name: names.image(),
      filters: imageShape[2],
      kernelSize: stages[0].kernelSize,
      padding: 'same',
    }),
    activation({ name: 'decoder_output', activation: 'sigmoid' }),
  ];
}

function denseDecoder(imageShape: Shape, units: readonly number[], names: DenseCnnNames): Layer[] {
  return [
    ...units.map((count, i) => dense({ name: names.hiddenOfDecoder(i), units: count, activation: 'relu' })),
    dense({ name: names.features(), units: sizeOf(imageShape) }),
    reshape({ name: names.reshape(), targetShape: imageShape }),
    activation({ name: 'decoder_output', activation: 'sigmoid' }),
  ];
}
