/** Files of a trained network: for Keras, TensorFlow and ONNX Runtime, and for this program. */
import { writeDescription } from '@hep/jet-compression';
import type { JetCodec } from '@hep/jet-compression';
import { modelFromNetwork, networkPaths, writeInferenceFiles, writeKerasModel } from '@hep/model-files';
import { withinPath } from '@hep/nn';

/**
 * Keras JSON and HDF5 of autoencoder, encoder and decoder; `.pb`, `.pb.ascii` and `.onnx` of encoder and decoder; the
 * normalisation in `jet-codec.json`. Returns the paths.
 */
export async function writeExports(folder: string, codec: JetCodec): Promise<string[]> {
  const { network, weights, name } = codec;
  const written = [await writeDescription(folder, codec)];
  for (const part of ['autoencoder', 'encoder', 'decoder'] as const) {
    const model = network[part];
    const scope = part === 'autoencoder' ? '' : part;
    const own = scope === '' ? weights : withinPath(weights, scope);
    const stem = scope === '' ? name : `${part}_${name}`;
    const tensors = Object.entries(weights).map(([tensor, { shape, values }]) => ({
      name: tensor,
      shape,
      values,
    }));
    const keras = await writeKerasModel(folder, stem, modelFromNetwork(model.network), tensors, scope);
    written.push(keras.json, keras.hdf5);
    if (scope === '') continue;
    const graphs = networkPaths(folder, stem);
    await writeInferenceFiles(graphs, model, own);
    written.push(graphs.pb, graphs.pbAscii, graphs.onnx);
  }
  return written;
}
