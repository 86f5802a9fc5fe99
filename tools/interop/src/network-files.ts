/** Our own outputs of a trained network, for the peers to agree with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EcoderModel } from '@hep/ecoder-models';
import { CompiledFunction } from '@hep/engine';
import { matchWeights, networkPaths, readKerasWeights } from '@hep/model-files';
import { predict } from '@hep/nn';
import type { NetworkModel } from '@hep/nn';
import type { GraphCheck, KerasCheck, RunCheck } from './manifest.ts';
import { writeNpy } from './write-npy.ts';

/** Allowed difference, absolute and relative, of float32 networks between two engines. */
const TOLERANCE = 1e-6;

interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What a network's files must give. */
export interface NetworkChecks {
  readonly graphs: readonly GraphCheck[];
  /** Of the networks in float32. */
  readonly keras: readonly KerasCheck[];
  /** Of all networks of a quantised model; encoders agree exactly, since their numbers lie on a grid. */
  readonly qkeras: readonly KerasCheck[];
  readonly runs: readonly RunCheck[];
}

/**
 * Checks of all files that the trainer wrote for a network, on the modules of its `verify_input_ae.csv`.
 * @param given conditions of these modules, for networks whose decoder knows them
 */
export async function writeNetworkOutputs(
  run: string,
  model: EcoderModel,
  given?: Numbers,
): Promise<NetworkChecks> {
  const { name } = model;
  const folder = join(run, 'exports');
  const at = (file: string) => join(folder, `${file}.npy`);
  const conditions = model.conditions === 0 ? undefined : given;
  const image = readImages(join(folder, 'verify_input_ae.csv'), model.arrangement.shape);
  const latent = await outputs(model.encoder, `encoder_${name}`, folder, [image]);
  const known = conditions === undefined ? latent : sideBySide(latent, conditions);
  const decoded = await outputs(model.decoder, `decoder_${name}`, folder, [known]);
  const operands = { image, ...(conditions === undefined ? {} : { conditions }) };
  const reconstructed = await outputs(model.autoencoder, name, folder, Object.values(operands));
  const files = { ...operands, latent, known, decoded, reconstructed };
  for (const [file, array] of Object.entries(files)) writeNpy(at(file), array);
  const encoder = { stem: `encoder_${name}`, inputs: [at('image')], expected: at('latent') };
  const decoder = { stem: `decoder_${name}`, inputs: [at('known')], expected: at('decoded') };
  const whole = { stem: name, inputs: Object.keys(operands).map(at), expected: at('reconstructed') };
  const isFloat = model.quantisation === null;
  const exact = { ...kerasCheck(folder, encoder), absolute: 0, relative: 0 };
  return {
    graphs: [encoder, decoder].map((part) => graphCheck(folder, part)),
    keras: (isFloat ? [whole, encoder, decoder] : [decoder]).map((part) => kerasCheck(folder, part)),
    qkeras: isFloat ? [] : [exact, ...[whole, decoder].map((part) => kerasCheck(folder, part))],
    runs: [
      {
        name,
        history: join(run, 'history.csv'),
        tensorboard: join(run, 'tensorboard'),
        exports: folder,
        rows: image.shape[0],
        image: at('image'),
        latent: at('latent'),
        decoded: at('decoded'),
        absolute: TOLERANCE,
      },
    ],
  };
}

/** Two matrices with the same number of rows as one. */
function sideBySide(a: Numbers, b: Numbers): Numbers {
  const [rows, left] = a.shape;
  const width = left + b.shape[1];
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    values.set(a.values.subarray(row * left, (row + 1) * left), row * width);
    values.set(b.values.subarray(row * b.shape[1], (row + 1) * b.shape[1]), row * width + left);
  }
  return { shape: [rows, width], values };
}

interface Part {
  readonly stem: string;
  readonly inputs: readonly string[];
  readonly expected: string;
}

function graphCheck(folder: string, { stem, inputs, expected }: Part): GraphCheck {
  const { pb, pbAscii, onnx } = networkPaths(folder, stem);
  const samples = [{ inputs: { x: inputs[0] }, expected }];
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

function kerasCheck(folder: string, { stem, inputs, expected }: Part): KerasCheck {
  const { json, hdf5 } = networkPaths(folder, stem);
  return {
    name: stem,
    json,
    hdf5,
    inputs,
    expected,
    absolute: TOLERANCE,
    relative: TOLERANCE,
  };
}

/** Runs a network on our engine with the weights of its HDF5 file; `inputs` in the model's order. */
async function outputs(
  model: NetworkModel,
  stem: string,
  folder: string,
  inputs: readonly Numbers[],
): Promise<Numbers> {
  const stored = await readKerasWeights(networkPaths(folder, stem).hdf5);
  const weights = matchWeights(model.parameterSpecs, stored);
  const names = Object.keys(model.inputs);
  const float32 = 'float32' as const;
  const operands = Object.fromEntries(names.map((name, i) => [name, inputs[i]]));
  const parameters = Object.fromEntries(
    model.parameterSpecs.map(({ name, shape }) => [name, { shape, values: weights[name] }]),
  );
  const compiled = await CompiledFunction.create(
    (tensors) => ({ result: Object.values(predict(model, tensors, tensors))[0] }),
    {
      ...Object.fromEntries(model.parameterSpecs.map(({ name, shape }) => [name, { shape, dtype: float32 }])),
      ...Object.fromEntries(
        names.map((name) => [name, { shape: [{ batch: 1 }, ...model.inputs[name]], dtype: float32 }]),
      ),
    },
  );
  try {
    const { result } = await compiled.run({ ...parameters, ...operands });
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
