/** The networks of the Ecoder study by name. */
import { arrangements } from '@hep/hgcal-geometry';
import type { ArrangementName } from '@hep/hgcal-geometry';
import { chipQuantisation, conditionalAutoencoder } from './conditional-autoencoder.ts';
import { denseCnn } from './dense-cnn.ts';
import type { DenseCnnOptions } from './dense-cnn.ts';
import type { LearnedBits } from './learned-bits.ts';
import type { EcoderLossName } from './losses.ts';
import { quantisation } from './quantisation.ts';
import type { Quantisation, QuantisationOptions } from './quantisation.ts';
import { separableCnn } from './separable-cnn.ts';
import type { SeparableCnnOptions } from './separable-cnn.ts';
import type { Autoencoder } from './autoencoder.ts';

/** A named network: what it is trained on and how it is built. */
export interface EcoderPreset {
  readonly arrangement: ArrangementName;
  readonly loss: EcoderLossName;
  /** In float32, or with the encoder's numbers in these formats, or with bits that are learned from there. */
  build(quantisation?: Quantisation, learned?: LearnedBits): Autoencoder;
}

type Dense = Omit<DenseCnnOptions, 'imageShape' | 'quantisation' | 'learned'>;
type Separable = Omit<SeparableCnnOptions, 'imageShape' | 'quantisation' | 'learned'>;

const withDense =
  (arrangement: ArrangementName, loss: EcoderLossName) =>
  (options: Dense = {}): EcoderPreset => ({
    arrangement,
    loss,
    build: (quantisation, learned) =>
      denseCnn({
        decoderOrder: 'reference',
        ...options,
        imageShape: arrangements[arrangement].shape,
        quantisation,
        learned,
      }),
  });

const withSeparable =
  (arrangement: ArrangementName, loss: EcoderLossName) =>
  (options: Separable = {}): EcoderPreset => ({
    arrangement,
    loss,
    build: (quantisation, learned) =>
      separableCnn({
        encodedSize: 16,
        ...options,
        imageShape: arrangements[arrangement].shape,
        quantisation,
        learned,
      }),
  });

const square = withDense('8x8', 'weighted-mse');
const squareTelescope = withDense('8x8', 'telescope');
const squareSecond = withDense('8x8_v2', 'weighted-mse');
const squareRepeated = withDense('8x8_dup', 'weighted-mse');
const sectors = withDense('4x4x3', 'telescope');
const separableSectors = withSeparable('4x4x3', 'telescope');
const separableRinged = withSeparable('6x6x3', 'weighted-mse');
const ringed = withDense('6x6x3', 'weighted-mse');

const visible = arrangements['8x8'].visible;
const defining = arrangements['8x8_dup'].defining;
const separablePool: Separable = { padding: 'valid', pool: true };

/** rohanshenoy/Ecoder, networks.py: the networks with float layers. */
const networks: Record<string, EcoderPreset> = {
  '8x8_c8_S2_tele': squareTelescope({ strides: [2] }),
  '8x8_c8_S2': square({ strides: [2] }),
  '8x8_c8_pool_tele': squareTelescope({ pool: [true] }),
};

/** Ours: the study's encoder, trained on the exact earth mover's distance, with the study's decoder and a larger one. */
const squareExact = withDense('8x8', 'exact-emd');
const exactNetworks: Record<string, EcoderPreset> = {
  '8x8_c8_S2_exact': squareExact({ strides: [2] }),
  '8x8_c8_S2_exact_dense': squareExact({ strides: [2], decoderUnits: [256, 256] }),
};

/** kakwok/Ecoder, martinModels.py, by label. */
const martinModels: Record<string, EcoderPreset> = {
  nom: sectors(),
  dim12: sectors({ encodedSize: 12 }),
  dim20: sectors({ encodedSize: 20 }),
  den16: sectors({ denseUnits: [16] }),
  'k[5]': sectors({ kernelSizes: [5] }),
  'c[12]': sectors({ filters: [12] }),
  pool: sectors({ pool: [true] }),
  'c[8,8]': sectors({ filters: [8, 8] }),
  'c[8,8,8]': sectors({ filters: [8, 8, 8] }),
  'c[4,4,4]': sectors({ filters: [4, 4, 4] }),
  'c[8,4,2]': sectors({ filters: [8, 4, 2] }),
  'c[8,4,4,4,2]': sectors({ filters: [8, 4, 4, 4, 2] }),
  'c[8,4,2]_k[5,5,3]': sectors({ filters: [8, 4, 2], kernelSizes: [5, 5, 3] }),
  'c[4,4,4]_k[5,5,3]': sectors({ filters: [4, 4, 4], kernelSizes: [5, 5, 3] }),
  'c[4,4,4]_k[5,5,3]_den[16]': sectors({
    filters: [4, 4, 4],
    kernelSizes: [5, 5, 3],
    denseUnits: [16],
  }),
  'c[20]_pool': sectors({ filters: [20], pool: [true] }),
  '8x8_c[8]': square(),
  '8x8_c[6]': square({ filters: [6] }),
  '8x8_c[4]': square({ filters: [4] }),
  '8x8_c[2]': square({ filters: [2] }),
  '8x8_c[8]_pool': square({ pool: [true] }),
  '8x8_c[6]_pool': square({ filters: [6], pool: [true] }),
  '8x8_c[4]_pool': square({ filters: [4], pool: [true] }),
  '8x8_c[8]_v2': squareSecond(),
  '8x8_c[8]_mask': square({ keepPixels: visible }),
  '8x8_c[6]_mask': square({ filters: [6], keepPixels: visible }),
  '8x8_c[4]_mask': square({ filters: [4], keepPixels: visible }),
  '8x8_c[8]_dup': squareRepeated(),
  '8x8_c[8]_dup_mask': squareRepeated({ keepPixels: defining }),
  SepConv: separableSectors(),
  SepConv_NoShareFilter: separableSectors({ shareFilters: false }),
  SepConv_pool: separableSectors({ pool: true }),
  SepConv_663: separableRinged({ padding: 'valid' }),
  SepConv_663_pool: separableRinged(separablePool),
  'SepConv_663_c[4]': separableRinged({ padding: 'valid', filters: 4 }),
  'SepConv_663_c[2]': separableRinged({ padding: 'valid', filters: 2 }),
  Conv_663: ringed({ padding: ['valid'] }),
  Sep29_SepConv_663_pool_v3: separableRinged(separablePool),
};

/** The networks in float32 by name, those of the last version of the study first. */
export const floatPresets: Readonly<Record<string, EcoderPreset>> = {
  ...networks,
  ...exactNetworks,
  ...martinModels,
};

/** rohanshenoy/Ecoder, networks.py: names of quantised networks and the networks in float32 that they are like. */
const studied: Readonly<Record<string, string>> = {
  '8x8_c8_S2_qK_RTL_tele': '8x8_c8_S2_tele',
  '8x8_c8_S2_qK_RTL_MSE': '8x8_c8_S2',
};

/** Name of the twin with learned bits of a network in float32. */
const learnedName = (name: string) =>
  name.endsWith('_tele') ? `${name.slice(0, -'_tele'.length)}_hgq_tele` : `${name}_hgq`;

/** Name of the quantised twin of a network in float32. */
export const twinName = (name: string) => `${name}_qK`;

/** A network whose encoder's numbers have formats. */
export interface QuantisedPreset {
  readonly arrangement: ArrangementName;
  readonly loss: EcoderLossName;
  /** All formats, from those that were asked for. */
  formats(options: QuantisationOptions): Quantisation;
  build(formats: Quantisation): Autoencoder;
}

const twinOf = (preset: EcoderPreset): QuantisedPreset => ({ ...preset, formats: quantisation });

/** The same study's networks trained on EMD networks, which had learnt from autoencoders of these samples. */
const samplesOfEmdNetworks = ['ttbar', 'egun', 'epgun', 'lphe'] as const;

/** The autoencoder that CMS plans, by name. */
const planned: Readonly<Record<string, QuantisedPreset>> = {
  cae: {
    arrangement: '8x8',
    loss: 'telescope',
    formats: chipQuantisation,
    build: conditionalAutoencoder,
  },
};

/** Every quantised network by name: those of the study, the one that CMS plans, the twin of each network in float32. */
export const quantisedPresets: Readonly<Record<string, QuantisedPreset>> = Object.fromEntries([
  ...Object.entries(studied).map(([name, twin]) => [name, twinOf(floatPresets[twin])] as const),
  ...samplesOfEmdNetworks.map(
    (sample) =>
      [`8x8_c8_S2_qK_RTL_emd_${sample}`, { ...twinOf(floatPresets['8x8_c8_S2']), loss: 'emd' }] as const,
  ),
  ...Object.entries(planned),
  ...Object.entries(floatPresets).map(([name, preset]) => [twinName(name), twinOf(preset)] as const),
]);

/** The twin with learned bits of each network in float32, by name. */
export const learnedPresets: Readonly<Record<string, EcoderPreset>> = Object.fromEntries(
  Object.entries(floatPresets).map(([name, preset]) => [learnedName(name), preset]),
);
