/** EMD networks as Keras files. */
import { join } from 'node:path';
import { atomicWrite } from '@hep/files';
import { emdNetwork } from '@hep/losses';
import type { TrainedEmdNetwork } from '@hep/losses';
import { kerasJson, kerasWeightGroups, modelFromNetwork, writeKerasModelFile } from '@hep/model-files';

/**
 * Writes `stem.h5`, a whole model in the layout of the published networks (`model_weights/base_model/...`), which Keras
 * and `readEmdNetwork` read, and its architecture alone as `stem.json`.
 */
export async function writeEmdNetwork(
  directory: string,
  stem: string,
  { size, weights }: TrainedEmdNetwork,
): Promise<{ readonly hdf5: string; readonly json: string }> {
  const paths = { hdf5: join(directory, `${stem}.h5`), json: join(directory, `${stem}.json`) };
  const model = modelFromNetwork(emdNetwork(size).network);
  const tensors = Object.entries(weights).map(([name, tensor]) => ({ name, ...tensor }));
  await writeKerasModelFile(paths.hdf5, model, kerasWeightGroups(model, tensors));
  await atomicWrite(paths.json, kerasJson(model));
  return paths;
}
