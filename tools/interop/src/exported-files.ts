/** Networks in every form that `writeNetworkFiles` knows, with our own outputs, for the peers to agree with. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { calRatioNetwork, writeCalRatioExports } from '@hep/calratio-rnn';
import { CompiledFunction } from '@hep/engine';
import { NETWORK_FILES, networkPaths, readNetworkFile, writeNetworkFiles } from '@hep/model-files';
import type { ReadNetwork } from '@hep/model-files';
import { initialise, predict, SeededNumbers, sizeOf } from '@hep/nn';
import type { HostTensor } from '@hep/nn';
import { workspaceRoot } from './folders.ts';
import type { Manifest } from './manifest.ts';
import { writeNpy } from './write-npy.ts';

const ROWS = 32;
/** Allowed difference, absolute and relative, of float32 networks between two engines. */
const TOLERANCE = 1e-6;

type Checks = Pick<Manifest, 'graphs' | 'keras' | 'archives' | 'fdeep'>;

/** Names of the networks: the CalRatio tagger, and small ones with the layers that it lacks. */
export const EXPORTED = ['final_model', 'nested', 'images'] as const;

const goldenFiles = {
  nested: 'archives/keras3_archive.keras',
  images: 'interop/fdeep_mini_keras2.json',
} as const;

/** Writes a network below `folder`. */
export async function exportedChecks(folder: string, name: (typeof EXPORTED)[number]): Promise<Checks> {
  mkdirSync(folder, { recursive: true });
  const network = await written(folder, name);
  const inputs = Object.entries(network.model.inputs).map(([input, shape]): [string, HostTensor] => {
    const numbers = new SeededNumbers(1, input);
    const values = Float32Array.from({ length: ROWS * sizeOf(shape) }, () => numbers.normal());
    return [input, { shape: [ROWS, ...shape], values }];
  });
  const expected = join(folder, `${name}-expected.npy`);
  writeNpy(expected, await outputOf(network, Object.fromEntries(inputs)));
  const paths = inputs.map(([input, tensor]) => {
    const path = join(folder, `${name}-${input}.npy`);
    writeNpy(path, tensor);
    return [input, path] as const;
  });
  const { json, hdf5, onnx } = networkPaths(folder, name);
  const common = {
    name,
    inputs: paths.map(([, path]) => path),
    expected,
    absolute: TOLERANCE,
    relative: TOLERANCE,
  };
  const [output] = network.model.outputs;
  const samples = [{ inputs: Object.fromEntries(paths), expected }];
  return {
    graphs: [{ name, onnx, output, samples, absolute: TOLERANCE, relative: TOLERANCE }],
    keras: [{ ...common, json, hdf5 }],
    archives: [{ ...common, archive: join(folder, `${name}.keras`) }],
    fdeep: [
      { ...common, keras: 2, json: join(folder, `${name}.fdeep.json`) },
      { ...common, keras: 3, json: join(folder, `${name}.fdeep-keras3.json`) },
    ],
  };
}

async function written(folder: string, name: (typeof EXPORTED)[number]): Promise<ReadNetwork> {
  if (name === 'final_model') {
    const network = calRatioNetwork();
    const weights = initialise(network.original.parameterSpecs, 1);
    await writeCalRatioExports(folder, network, weights, NETWORK_FILES);
    const { classifier: model } = network;
    const own = model.parameterSpecs.map((spec) => [spec.name, weights[spec.name]] as const);
    return { model, weights: Object.fromEntries(own) };
  }
  const network = await readNetworkFile(join(workspaceRoot, 'data', 'golden', goldenFiles[name]));
  await writeNetworkFiles(folder, name, network.model, network.weights);
  return network;
}

async function outputOf(
  { model, weights }: ReadNetwork,
  inputs: Readonly<Record<string, HostTensor>>,
): Promise<{ readonly shape: readonly number[]; readonly values: Float32Array }> {
  const operands = { ...weights, ...inputs };
  const signature = Object.entries(operands).map(
    ([name, { shape }]) => [name, { shape, dtype: 'float32' as const }] as const,
  );
  const compiled = await CompiledFunction.create(
    (tensors) => ({ result: predict(model, tensors, tensors)[model.outputs[0]] }),
    Object.fromEntries(signature),
  );
  try {
    const { result } = await compiled.run(operands);
    return { shape: result.shape, values: Float32Array.from(result.values) };
  } finally {
    await compiled.close();
  }
}
