/** Files of a trained network for CMSSW, TensorFlow, ONNX Runtime and Keras. */
import { join } from 'node:path';
import { atomicWrite } from '@hep/files';
import { networkPaths, writeInferenceFiles, writeNetworkFiles } from '@hep/model-files';
import type { Weights } from '@hep/nn';
import { ITERATION_BRANCH } from './iterations.ts';
import { TRACK_INPUTS } from './track-network.ts';
import type { TrackNetwork } from './track-network.ts';

/** Name of the files but `frozen_graph.pb`, the name by which CMSSW knows it. */
export const TRACK_EXPORT_STEM = 'track_dnn';

/** Name of the file that says what goes into the network. */
export const INPUTS_FILE = 'inputs.json';

/**
 * Writes `frozen_graph.pb`, `frozen_graph.pb.ascii` and `track_dnn.onnx`, all with the inputs `x` [N, 29] (raw variables)
 * and `y` [N, 1] (iteration) and the output `Identity` [N, 1], `track_dnn.keras`, `.json`, `.hdf5`, and
 * `inputs.json`, the order of the variables of `x` with transforms and ranges, which are part of the network.
 * @throws UserError when a file cannot be written
 */
export async function writeTrackExports(
  folder: string,
  network: TrackNetwork,
  weights: Weights,
): Promise<void> {
  const { classifier } = network;
  const frozen = join(folder, 'frozen_graph.pb');
  const { onnx } = networkPaths(folder, TRACK_EXPORT_STEM);
  await writeInferenceFiles({ pb: frozen, pbAscii: `${frozen}.ascii`, onnx }, classifier, weights, {
    inputs: { [TRACK_INPUTS.features]: 'x', [TRACK_INPUTS.iteration]: 'y' },
    outputs: { [classifier.outputs[0]]: 'Identity' },
  });
  await writeNetworkFiles(folder, TRACK_EXPORT_STEM, classifier, weights, ['keras', 'hdf5']);
  await atomicWrite(join(folder, INPUTS_FILE), `${JSON.stringify(inputsOf(network), null, 2)}\n`);
}

function inputsOf({ features, ranges }: TrackNetwork) {
  const { minimum, maximum } = ranges;
  const x = features.map((feature, i) => ({ ...feature, minimum: minimum[i], maximum: maximum[i] }));
  return { x, y: ITERATION_BRANCH, output: 'Identity' };
}
