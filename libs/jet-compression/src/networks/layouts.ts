/** Sizes and kinds of the layers of jet autoencoders; names are those of the ATLAS trigger-level studies. */
import { suggestion, UserError } from '@hep/options';

/** What stands after a dense layer, in this order. */
export type AfterDense = 'tanh' | 'relu' | 'leaky-relu' | 'batch-normalisation' | 'dropout';

/** Layers of an autoencoder of any variables. */
export interface JetLayout {
  /** Units of the hidden layers from input to latent vector. */
  readonly encoder: readonly number[];
  readonly latent: number;
  /** Units of the hidden layers from latent vector to output. */
  readonly decoder: readonly number[];
  /** After every hidden layer. */
  readonly hidden: readonly AfterDense[];
  /** After the latent layer, in the encoder: a part of what is stored. */
  readonly stored: readonly AfterDense[];
  /** Before the first layer of the decoder: what is stored is without it. */
  readonly restored: readonly AfterDense[];
  /** Whether the last layer has a bias. */
  readonly outputBias: boolean;
  /** Where given, what follows the last layer: for variables within [0, 1]. */
  readonly output?: 'sigmoid';
}

const tanhLayout = (encoder: readonly number[], decoder: readonly number[], latent = 3): JetLayout => ({
  encoder,
  latent,
  decoder,
  hidden: ['tanh'],
  stored: [],
  restored: ['tanh'],
  outputBias: true,
});

const mirrored = (...encoder: readonly number[]) => tanhLayout(encoder, [...encoder].reverse());
const in2d = (...encoder: readonly number[]) => tanhLayout(encoder, [...encoder].reverse(), 2);

/** Dense, tanh, BatchNormalization, dropout; the same of the latent vector at the decoder's start. */
const normalised = ({ encoder, decoder }: JetLayout, dropout = true): JetLayout => {
  const after: readonly AfterDense[] = [
    'tanh',
    'batch-normalisation',
    ...(dropout ? (['dropout'] as const) : []),
  ];
  return { ...tanhLayout(encoder, decoder), hidden: after, restored: after };
};

const wide = [200, 200, 200] as const;

/** The same after every layer but the last, of the latent vector, too; sizes are those of the 27-variable studies. */
const inARow = (...after: readonly AfterDense[]): JetLayout => ({
  ...tanhLayout(wide, wide, 20),
  hidden: after,
  stored: after,
  restored: [],
});

const plain = {
  AE_3D_100: tanhLayout([100, 100, 50], [50, 100, 100]),
  AE_3D_200: mirrored(200, 100, 50),
  AE_3D_small: mirrored(),
  AE_3D_small_v2: mirrored(8),
  AE_big: tanhLayout([8, 6, 4], [4, 6, 8]),
  AE_3D_50: mirrored(50, 50, 20),
  AE_3D_50cone: tanhLayout([50, 30, 20], [20, 20, 20]),
  AE_3D_200_LeakyReLU: mirrored(200, 200, 20),
  AE_3D_200_wide: mirrored(...wide),
} as const;

const withBias = {
  AE_big_no_last_bias: { ...plain.AE_big, outputBias: false },
  AE_3D_50_no_last_bias: { ...plain.AE_3D_50, outputBias: false },
} as const;

const withNormalisation = {
  AE_3D_50_bn_drop: normalised(plain.AE_3D_50),
  AE_3D_50cone_bn_drop: normalised(plain.AE_3D_50cone),
  AE_3D_100_bn_drop: normalised(mirrored(100, 80, 50)),
  AE_3D_100cone_bn_drop: normalised(tanhLayout([100, 80, 40], [50, 50, 20])),
  AE_3D_200_bn_drop: normalised(plain.AE_3D_200),
  AE_3D_500cone_bn: normalised(tanhLayout([400, 200, 100], [100, 100, 100]), false),
} as const;

const twoDimensional = {
  AE_big_2D_v1: in2d(8, 6, 4),
  AE_big_2D_v2: in2d(8, 6, 4, 3),
  AE_big_2D_v3: in2d(8, 6),
  AE_2D: in2d(20, 10, 6),
  AE_2D_v2: in2d(50, 20, 10),
  AE_2D_v3: in2d(100, 200, 100),
  AE_2D_v4: in2d(500, 200, 100),
  AE_2D_v5: in2d(200, 100, 50),
  AE_2D_v50: in2d(50, 50, 50),
  AE_2D_v100: in2d(100, 100, 100),
  AE_2D_v1000: in2d(1000, 400, 100),
} as const;

/** Classes of the studies that are told their units. */
const generic = {
  AE_basic: inARow('tanh'),
  AE_LeakyReLU: inARow('leaky-relu'),
  AE_bn: inARow('batch-normalisation', 'tanh'),
  AE_bn_LeakyReLU: inARow('leaky-relu', 'batch-normalisation'),
} as const;

/** Layouts by name. */
export const jetLayouts: Readonly<Record<string, JetLayout>> = {
  ...plain,
  ...withBias,
  ...withNormalisation,
  ...twoDimensional,
  ...generic,
};

/** The layout of a name. @throws UserError that suggests the nearest */
export function layoutOf(name: string): JetLayout {
  const layout = jetLayouts[name];
  if (layout !== undefined) return layout;
  const names = Object.keys(jetLayouts);
  throw new UserError(`network ${name} is unknown${suggestion(name, names)}; there are ${names.join(', ')}`);
}
