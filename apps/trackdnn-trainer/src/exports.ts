/** Files of a trained network for CMSSW, TensorFlow, ONNX Runtime and Keras. */
import { join } from 'node:path';
import { networkPaths, writeInferenceFiles, writeNetworkFiles } from '@hep/model-files';
import type { Weights } from '@hep/nn';
import { TRACK_INPUTS } from '@hep/track-dnn';
import type { TrackNetwork } from '@hep/track-dnn';

/** Name of the files but `frozen_graph.pb`, the name by which CMSSW knows it. */
const STEM = 'track_dnn';

/**
 * Writes `frozen_graph.pb`, `frozen_graph.pb.ascii` and `track_dnn.onnx`, all with the inputs `x` [N, 29] (raw variables)
 * and `y` [N, 1] (iteration) and the output `Identity` [N, 1], and `track_dnn.keras`, `.json`, `.hdf5`.
 * @throws UserError when a file cannot be written
 */
export async function writeExports(
  folder: string,
  { classifier }: TrackNetwork,
  weights: Weights,
): Promise<void> {
  const frozen = join(folder, 'frozen_graph.pb');
  const { onnx } = networkPaths(folder, STEM);
  await writeInferenceFiles({ pb: frozen, pbAscii: `${frozen}.ascii`, onnx }, classifier, weights, {
    inputs: { [TRACK_INPUTS.features]: 'x', [TRACK_INPUTS.iteration]: 'y' },
    outputs: { [classifier.outputs[0]]: 'Identity' },
  });
  await writeNetworkFiles(folder, STEM, classifier, weights, ['keras', 'hdf5']);
}
