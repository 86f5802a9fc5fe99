/** EMD networks as Keras files. */
import { emdNetwork } from '@hep/losses';
import type { TrainedEmdNetwork } from '@hep/losses';
import { modelFromNetwork, writeKerasModel } from '@hep/model-files';
import type { NetworkPaths } from '@hep/model-files';

/** Writes `stem.json` and `stem.hdf5`, which Keras and `readEmdNetwork` read. */
export function writeEmdNetwork(
  directory: string,
  stem: string,
  { size, weights }: TrainedEmdNetwork,
): Promise<NetworkPaths> {
  const tensors = Object.entries(weights).map(([name, tensor]) => ({ name, ...tensor }));
  return writeKerasModel(directory, stem, modelFromNetwork(emdNetwork(size).network), tensors);
}
