/** Files of a trained network for CMSSW, TensorFlow, ONNX Runtime and Keras. */
import { join } from 'node:path';
import { networkPaths, writeInferenceFiles, writeNetworkFiles } from '@hep/model-files';
import type { Weights } from '@hep/nn';
import { INPUTS_FILE, writeTrackInputs } from './track-inputs.ts';
import { TRACK_INPUTS } from './track-network.ts';
import type { TrackNetwork } from './track-network.ts';

/** Name of the files but `frozen_graph.pb`, the name by which CMSSW knows it. */
export const TRACK_EXPORT_STEM = 'track_dnn';

/** Kinds of files: graph of TensorFlow for CMSSW, ONNX, archive of Keras, weights of Keras with the architecture. */
export const TRACK_EXPORT_KINDS = ['frozen-graph', 'onnx', 'keras', 'hdf5'] as const;

/** One of these. */
export type TrackExportKind = (typeof TRACK_EXPORT_KINDS)[number];

/**
 * Writes `frozen_graph.pb` and `frozen_graph.pb.ascii`, `track_dnn.onnx`, both with the inputs `x` [N, features] (raw
 * variables) and `y` [N, 1] (iteration) and the output `Identity` [N, 1]; `track_dnn.keras`; `track_dnn.json` and `.hdf5`;
 * and with any of them `inputs.json`, the order of the variables of `x` with transforms and ranges, which are part of the
 * network.
 * @returns the paths written
 * @throws UserError when a file cannot be written
 */
export async function writeTrackExports(
  folder: string,
  network: TrackNetwork,
  weights: Weights,
  kinds: readonly TrackExportKind[] = TRACK_EXPORT_KINDS,
): Promise<string[]> {
  const { classifier } = network;
  const names = {
    inputs: { [TRACK_INPUTS.features]: 'x', [TRACK_INPUTS.iteration]: 'y' },
    outputs: { [classifier.outputs[0]]: 'Identity' },
  };
  const pb = join(folder, 'frozen_graph.pb');
  const graphs = {
    ...(kinds.includes('frozen-graph') ? { pb, pbAscii: `${pb}.ascii` } : {}),
    ...(kinds.includes('onnx') ? { onnx: networkPaths(folder, TRACK_EXPORT_STEM).onnx } : {}),
  };
  const paths = Object.values(graphs);
  if (paths.length > 0) await writeInferenceFiles(graphs, classifier, weights, names);
  const keras = (['keras', 'hdf5'] as const).filter((kind) => kinds.includes(kind));
  paths.push(...(await writeNetworkFiles(folder, TRACK_EXPORT_STEM, classifier, weights, keras)));
  const inputs = join(folder, INPUTS_FILE);
  await writeTrackInputs(inputs, network);
  return [...paths, inputs];
}
