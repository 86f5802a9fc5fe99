import { conv2d, dense } from '@hep/nn';
import type { ActivationName, Conv2dOptions, Layer } from '@hep/nn';
import { qActivation, qConv2d, qDense } from '@hep/quant';
import type { Quantiser } from '@hep/quant';
import { learnedLayers } from './learned-bits.ts';
import type { LearnedBits } from './learned-bits.ts';
import { rectified, signed } from './quantisation.ts';
import type { Quantisation } from './quantisation.ts';

/** Window of a convolution. */
export type ConvolutionOptions = Pick<
  Conv2dOptions,
  'name' | 'filters' | 'kernelSize' | 'strides' | 'padding'
>;

/** The layers with numbers of an encoder, in float32 or with the formats of the chip. */
export interface EncoderLayers {
  /** What the image passes first. */
  readonly input: readonly Layer[];
  /** A convolution; `rectifier` follows it, after its pooling. */
  convolution(options: ConvolutionOptions): Layer;
  /** What is left to do to make the sums of layer `name` positive. */
  rectifier(name: string): readonly Layer[];
  /** A hidden dense layer with its rectifier. */
  hidden(name: string, units: number): readonly Layer[];
  /** The layers that end in the latent vector. */
  latent(units: number): readonly Layer[];
}

/** What decides the kind of an encoder's layers. */
export interface EncoderKind {
  readonly quantisation?: Quantisation;
  readonly learned?: LearnedBits;
  /** Of the latent vector in float32. */
  readonly activation?: ActivationName;
}

/** Layers in float32, of fixed formats, or of formats that are learned. */
export function encoderLayers({ quantisation, learned, activation }: EncoderKind): EncoderLayers {
  if (quantisation === undefined) return floatLayers(activation);
  return learned === undefined ? quantisedLayers(quantisation) : learnedLayers(quantisation, learned);
}

/** Layers of Keras. @param activation of the latent vector */
function floatLayers(activation: ActivationName = 'relu'): EncoderLayers {
  return {
    input: [],
    convolution: (options) => conv2d({ ...options, activation: 'relu' }),
    rectifier: () => [],
    hidden: (name, units) => [dense({ name, units, activation: 'relu' })],
    latent: (units) => [dense({ name: 'encoded_vector', units, activation })],
  };
}

/** Layers of QKeras. Rectifiers are quantisers, too: `NAME_qa`. */
export function quantisedLayers(formats: Quantisation): EncoderLayers {
  const quantised = (weights: Quantiser) => ({ kernelQuantiser: weights, biasQuantiser: weights });
  const rectifier = (name: string) => [
    qActivation({ name: `${name}_qa`, activation: rectified(formats.accumulator) }),
  ];
  const sums = (name: string, units: number) => qDense({ name, units, ...quantised(signed(formats.dense)) });
  return {
    input: [qActivation({ name: 'input_qa', activation: signed(formats.input) })],
    convolution: (options) => qConv2d({ ...options, ...quantised(signed(formats.conv)) }),
    rectifier,
    hidden: (name, units) => [sums(name, units), ...rectifier(name)],
    latent: (units) => [
      sums('encoded_vector', units),
      qActivation({ name: 'encod_qa', activation: rectified(formats.latent) }),
    ],
  };
}
