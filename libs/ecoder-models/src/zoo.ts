import { arrangements } from '@hep/hgcal-geometry';
import type { Arrangement, ArrangementName } from '@hep/hgcal-geometry';
import { UserError, editDistance } from '@hep/options';
import type { Autoencoder } from './autoencoder.ts';
import type { EcoderLossName } from './losses.ts';
import { presets } from './presets.ts';

/** A network of the study, ready to be initialised and trained. */
export interface EcoderModel extends Autoencoder {
  readonly name: string;
  readonly arrangementName: ArrangementName;
  /** How its images show the trigger cells; `arrangement.shape` is the images' [height, width, channels]. */
  readonly arrangement: Arrangement;
  /** The loss the study trained it with. */
  readonly lossName: EcoderLossName;
}

/** Names that `ecoderModel` knows. */
export const ecoderModelNames: readonly string[] = Object.keys(presets);

const SUGGESTIONS = 3;

/**
 * A network of the Ecoder study (networks.py; martinModels.py by label).
 * @throws UserError for an unknown name, with the nearest ones
 */
export function ecoderModel(name: string): EcoderModel {
  if (!Object.hasOwn(presets, name)) {
    throw new UserError(`model ${name} is unknown; near it: ${nearest(name).join(', ')}`);
  }
  const { arrangement: arrangementName, loss: lossName, build } = presets[name];
  const arrangement = arrangements[arrangementName];
  return {
    ...build(),
    name,
    arrangementName,
    arrangement,
    lossName,
  };
}

function nearest(name: string): string[] {
  const wanted = name.toLowerCase();
  const distance = (candidate: string) => editDistance(wanted, candidate.toLowerCase());
  return [...ecoderModelNames].sort((a, b) => distance(a) - distance(b)).slice(0, SUGGESTIONS);
}
