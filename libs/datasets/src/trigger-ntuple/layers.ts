import { UserError } from '@hep/options/user-error';
import { layersByElinks } from '../preprocessing/mix.ts';

/** Shower maximum of electrons. */
const FIVE_ELINKS_LAYER = 9;

/**
 * Layers that the Ecoder study converts for a number of eLinks: 5: 9; 4: 7 and 11; 3: 13; 2: below 7 and above 13; -1:
 * all (produceTrainingData.py).
 * @throws UserError for another number
 */
export function convertedLayers(elinks: number): (layer: number) => boolean {
  if (elinks === -1) return () => true;
  if (elinks === 5) return (layer) => layer === FIVE_ELINKS_LAYER;
  const isWanted = layersByElinks[elinks];
  if (isWanted !== undefined) return isWanted;
  throw new UserError(`${elinks} eLinks: layers are known for 2, 3, 4 and 5 eLinks, -1 means all layers`);
}
