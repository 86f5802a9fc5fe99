import { arrangements } from '@hep/hgcal-geometry';
import type { Arrangement, ArrangementName } from '@hep/hgcal-geometry';
import { UserError, editDistance } from '@hep/options';
import type { Autoencoder } from './autoencoder.ts';
import type { EcoderLossName } from './losses.ts';
import { learnedBits } from './learned-bits.ts';
import type { LearnedBits, LearnedBitsOptions } from './learned-bits.ts';
import { floatPresets, learnedPresets, quantisedPresets, twinName } from './presets.ts';
import { quantisation } from './quantisation.ts';
import type { Quantisation, QuantisationOptions } from './quantisation.ts';

/** A network of the study, ready to be initialised and trained. */
export interface EcoderModel extends Autoencoder {
  readonly name: string;
  readonly arrangementName: ArrangementName;
  /** How its images show the trigger cells; `arrangement.shape` is the images' [height, width, channels]. */
  readonly arrangement: Arrangement;
  /** Formats of the encoder's numbers; null: float32. */
  readonly quantisation: Quantisation | null;
  /** How the bits of the encoder's numbers are learned, beginning with those of `quantisation`; null: they are fixed. */
  readonly learned: LearnedBits | null;
  /** The loss the study trained it with. */
  readonly lossName: EcoderLossName;
}

/** Names of the networks in float32; each has a quantised twin. */
export const floatModelNames: readonly string[] = Object.keys(floatPresets);

/** Names of the networks with learned bits. */
export const learnedModelNames: readonly string[] = Object.keys(learnedPresets);

/** Names that `ecoderModel` knows. */
export const ecoderModelNames: readonly string[] = [
  ...floatModelNames,
  ...Object.keys(quantisedPresets),
  ...learnedModelNames,
];

/** The name of a network's quantised twin; a quantised one is its own. */
export function quantisedName(name: string): string {
  return Object.hasOwn(floatPresets, name) ? twinName(name) : name;
}

const SUGGESTIONS = 3;

/**
 * A network of the Ecoder study (networks.py; martinModels.py by label), its quantised twin `NAME_qK`, its twin with
 * learned bits `NAME_hgq` (`hgq_tele` instead of `tele`), or `cae`, the conditional autoencoder.
 * @param formats of a quantised network's numbers, and which of them have bits of their own where they are learned
 * @throws UserError for an unknown name, with the nearest ones, and for formats that cannot exist
 */
export function ecoderModel(
  name: string,
  formats: QuantisationOptions & LearnedBitsOptions = {},
): EcoderModel {
  if (!ecoderModelNames.includes(name)) {
    throw new UserError(`model ${name} is unknown; near it: ${nearest(name).join(', ')}`);
  }
  const { preset, quantisation, learned, parts } = built(name, formats);
  const { arrangement, loss } = preset;
  return {
    ...parts,
    name,
    arrangementName: arrangement,
    arrangement: arrangements[arrangement],
    quantisation,
    learned,
    lossName: loss,
  };
}

function built(
  name: string,
  { granularity, activationGranularity, ...options }: QuantisationOptions & LearnedBitsOptions,
) {
  if (Object.hasOwn(floatPresets, name)) {
    const preset = floatPresets[name];
    return { preset, quantisation: null, learned: null, parts: preset.build() };
  }
  if (Object.hasOwn(learnedPresets, name)) {
    const preset = learnedPresets[name];
    const [formats, learned] = [quantisation(options), learnedBits({ granularity, activationGranularity })];
    return { preset, quantisation: formats, learned, parts: preset.build(formats, learned) };
  }
  const preset = quantisedPresets[name];
  const formats = preset.formats(options);
  return { preset, quantisation: formats, learned: null, parts: preset.build(formats) };
}

function nearest(name: string): string[] {
  const wanted = name.toLowerCase();
  const distance = (candidate: string) => editDistance(wanted, candidate.toLowerCase());
  return [...ecoderModelNames].sort((a, b) => distance(a) - distance(b)).slice(0, SUGGESTIONS);
}
