/** Our own outputs of a trained network, for the peers to agree with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ecoderModel } from '@hep/ecoder-models';
import { CompiledFunction } from '@hep/engine';
import { matchWeights, networkPaths, readKerasWeights } from '@hep/model-files';
import { predict } from '@hep/nn';
import type { NetworkModel } from '@hep/nn';
import type { GraphCheck, KerasCheck, RunCheck } from './manifest.ts';
import { writeNpy } from './npy.ts';

/** Allowed difference, absolute and relative, of float32 networks between two engines. */
const TOLERANCE = 1e-6;

interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Checks of all files that the trainer wrote for a network, on the modules of its `verify_input_ae.csv`. */
export async function writeNetworkOutputs(
  run: string,
  modelName: string,
): Promise<{ graphs: GraphCheck[]; keras: KerasCheck[]; run: RunCheck }> {
  const model = ecoderModel(modelName);
  const folder = join(run, 'exports');
  const at = (name: string) => join(folder, `${name}.npy`);
  const image = readImages(join(folder, 'verify_input_ae.csv'), model.arrangement.shape);
  const latent = await outputs(model.encoder, `encoder_${modelName}`, folder, image);
  const decoded = await outputs(model.decoder, `decoder_${modelName}`, folder, latent);
  const reconstructed = await outputs(model.autoencoder, modelName, folder, image);
  const files = { image, latent, decoded, reconstructed };
  for (const [name, { values, shape }] of Object.entries(files)) writeNpy(at(name), values, shape);
  const encoder = { stem: `encoder_${modelName}`, input: at('image'), expected: at('latent') };
  const decoder = { stem: `decoder_${modelName}`, input: at('latent'), expected: at('decoded') };
  const whole = { stem: modelName, input: at('image'), expected: at('reconstructed') };
  return {
    graphs: [encoder, decoder].map((part) => graphCheck(folder, part)),
    keras: [whole, encoder, decoder].map((part) => kerasCheck(folder, part)),
    run: {
      name: modelName,
      history: join(run, 'history.csv'),
      tensorboard: join(run, 'tensorboard'),
      exports: folder,
      rows: image.shape[0],
      image: at('image'),
      latent: at('latent'),
      decoded: at('decoded'),
      absolute: TOLERANCE,
    },
  };
}

interface Part {
  readonly stem: string;
  readonly input: string;
  readonly expected: string;
}

function graphCheck(folder: string, { stem, input, expected }: Part): GraphCheck {
  const { pb, pbAscii, onnx } = networkPaths(folder, stem);
  const samples = [{ inputs: { x: input }, expected }];
  return {
    name: stem,
    pb,
    pbAscii,
    onnx,
    output: 'Identity',
    samples,
    absolute: TOLERANCE,
    relative: TOLERANCE,
  };
}

function kerasCheck(folder: string, { stem, input, expected }: Part): KerasCheck {
  const { json, hdf5 } = networkPaths(folder, stem);
  return { name: stem, json, hdf5, input, expected, absolute: TOLERANCE, relative: TOLERANCE };
}

/** Runs a network on our engine with the weights of its HDF5 file. */
async function outputs(model: NetworkModel, stem: string, folder: string, input: Numbers): Promise<Numbers> {
  const stored = await readKerasWeights(networkPaths(folder, stem).hdf5);
  const weights = matchWeights(model.parameterSpecs, stored);
  const [operand] = Object.keys(model.inputs);
  const float32 = 'float32' as const;
  const compiled = await CompiledFunction.create(
    ({ operand: value, ...parameters }) => ({
      result: Object.values(predict(model, parameters, { [operand]: value }))[0],
    }),
    {
      ...Object.fromEntries(model.parameterSpecs.map(({ name, shape }) => [name, { shape, dtype: float32 }])),
      operand: { shape: [{ batch: 1 }, ...input.shape.slice(1)], dtype: float32 },
    },
  );
  try {
    const parameters = model.parameterSpecs.map(({ name, shape }) => [
      name,
      { shape, values: weights[name] },
    ]);
    const { result } = await compiled.run({ ...Object.fromEntries(parameters), operand: input });
    return { shape: result.shape, values: result.values as Float32Array };
  } finally {
    await compiled.close();
  }
}

function readImages(path: string, imageShape: readonly number[]): Numbers {
  const values = Float32Array.from(readFileSync(path, 'utf8').trim().split(/[\n,]/), Number);
  const pixels = imageShape.reduce((product, size) => product * size, 1);
  return { shape: [values.length / pixels, ...imageShape], values };
}
