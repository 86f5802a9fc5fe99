/** Files of a trained network: for Keras, CMSSW, ONNX Runtime and RTL tests. */
import type { EcoderModel } from '@hep/ecoder-models';
import {
  modelFromNetwork,
  networkPaths,
  writeInferenceFiles,
  writeKerasModel,
  writeVerificationFiles,
} from '@hep/model-files';
import type { NamedTensor } from '@hep/model-files';
import { withinPath } from '@hep/nn';
import type { Weights } from '@hep/nn';
import type { Evaluation } from './evaluation.ts';

/** Autoencoder, encoder and decoder of a model with the stems and name prefixes of their files and parameters. */
function networksOf(model: EcoderModel) {
  return [
    { stem: model.name, scope: '', network: model.autoencoder },
    { stem: `encoder_${model.name}`, scope: 'encoder', network: model.encoder },
    { stem: `decoder_${model.name}`, scope: 'decoder', network: model.decoder },
  ];
}

const named = (weights: Weights): NamedTensor[] =>
  Object.entries(weights).map(([name, { shape, values }]) => ({ name, shape, values }));

/** Keras JSON and HDF5 of all three networks; frozen `.pb`, `.pb.ascii` and `.onnx` of encoder and decoder. */
export async function writeModelFiles(
  directory: string,
  model: EcoderModel,
  weights: Weights,
): Promise<string[]> {
  const written: string[] = [];
  for (const { stem, scope, network } of networksOf(model)) {
    const paths = await writeKerasModel(
      directory,
      stem,
      modelFromNetwork(network.network),
      named(weights),
      scope,
    );
    written.push(paths.json, paths.hdf5);
    if (scope === '') continue;
    const own = withinPath(weights, scope);
    const graphs = networkPaths(directory, stem);
    await writeInferenceFiles(graphs, network, own);
    written.push(graphs.pb, graphs.pbAscii, graphs.onnx);
  }
  return written;
}

/** verify_*.csv: the first `rows` validation modules as the RTL tests read them; negative: all. */
export async function writeVerification(
  directory: string,
  evaluation: Evaluation,
  images: Float32Array,
  rows: number,
): Promise<void> {
  if (rows === 0) return;
  const { latent, latentSize, decodedImage, decodedFractions, inputMipT, scaleMipT } = evaluation;
  const pixels = decodedImage.length / evaluation.rows;
  await writeVerificationFiles(
    directory,
    {
      image: { values: images, width: pixels },
      sumMipT: scaleMipT,
      inputMipT: { values: inputMipT, width: 48 },
      latent: { values: latent.map(withoutNegativeZero), width: latentSize },
      decodedImage: { values: decodedImage, width: pixels },
      decodedCells: { values: decodedFractions, width: 48 },
    },
    rows,
  );
}

/** Rounding turns small negative numbers into -0; the chip has one zero. */
const withoutNegativeZero = (value: number) => value + 0;
