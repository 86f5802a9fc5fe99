import { arrangements } from '@hep/hgcal-geometry';
import type { Arrangement, ArrangementName } from '@hep/hgcal-geometry';
import { UserError, editDistance } from '@hep/options';
import type { Autoencoder } from './autoencoder.ts';
import type { EcoderLossName } from './losses.ts';
import { floatPresets, quantisedPresets, twinName } from './presets.ts';
import type { Quantisation, QuantisationOptions } from './quantisation.ts';

/** A network of the study, ready to be initialised and trained. */
export interface EcoderModel extends Autoencoder {
  readonly name: string;
  readonly arrangementName: ArrangementName;
  /** How its images show the trigger cells; `arrangement.shape` is the images' [height, width, channels]. */
  readonly arrangement: Arrangement;
  /** Formats of the encoder's numbers; null: float32. */
  readonly quantisation: Quantisation | null;
  /** The loss the study trained it with. */
  readonly lossName: EcoderLossName;
}

/** Names of the networks in float32; each has a quantised twin. */
export const floatModelNames: readonly string[] = Object.keys(floatPresets);

/** Names that `ecoderModel` knows. */
export const ecoderModelNames: readonly string[] = [...floatModelNames, ...Object.keys(quantisedPresets)];

/** The name of a network's quantised twin; a quantised one is its own. */
export function quantisedName(name: string): string {
  return Object.hasOwn(floatPresets, name) ? twinName(name) : name;
}

const SUGGESTIONS = 3;

/**
 * A network of the Ecoder study (networks.py; martinModels.py by label), the quantised twin `NAME_qK` of one, or `cae`,
 * the conditional autoencoder.
 * @param formats of a quantised network's numbers
 * @throws UserError for an unknown name, with the nearest ones, and for formats that cannot exist
 */
export function ecoderModel(name: string, formats: QuantisationOptions = {}): EcoderModel {
  if (!ecoderModelNames.includes(name)) {
    throw new UserError(`model ${name} is unknown; near it: ${nearest(name).join(', ')}`);
  }
  const { preset, quantisation, parts } = built(name, formats);
  const { arrangement, loss } = preset;
  return {
    ...parts,
    name,
    arrangementName: arrangement,
    arrangement: arrangements[arrangement],
    quantisation,
    lossName: loss,
  };
}

function built(name: string, options: QuantisationOptions) {
  if (Object.hasOwn(floatPresets, name)) {
    const preset = floatPresets[name];
    return { preset, quantisation: null, parts: preset.build() };
  }
  const preset = quantisedPresets[name];
  const quantisation = preset.formats(options);
  return { preset, quantisation, parts: preset.build(quantisation) };
}

function nearest(name: string): string[] {
  const wanted = name.toLowerCase();
  const distance = (candidate: string) => editDistance(wanted, candidate.toLowerCase());
  return [...ecoderModelNames].sort((a, b) => distance(a) - distance(b)).slice(0, SUGGESTIONS);
}
