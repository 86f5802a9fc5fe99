import { createHash } from 'node:crypto';
import { atomicWrite } from '@hep/files';
import { eagerRunner, predict, SeededNumbers } from '@hep/nn';
import type { HostTensor, NetworkModel, Weights } from '@hep/nn';
import { kerasArchitecture } from '../keras-json.ts';
import type { FunctionalModel, JsonValue } from '../keras-layer.ts';
import { kerasWeightSlots } from '../keras-weight-names.ts';
import { modelFromNetwork } from '../model-from-network.ts';
import { elementsOf } from '../named-tensor.ts';
import { encodeArray } from './arrays.ts';
import { toFile, weightedLayers } from './layers.ts';

/** Which frugally-deep reads the file: `keras2` up to v0.15 (as in ATLAS), `keras3` from v0.16 on. They differ. */
export type FdeepForm = 'keras2' | 'keras3';

/** Inputs of one row and the outputs that the C++ library must find when it loads the file; shapes without batch. */
export interface FdeepTest {
  readonly inputs: readonly HostTensor[];
  readonly outputs: readonly HostTensor[];
}

/** Everything else that a file tells. */
export interface FdeepContent {
  readonly form: FdeepForm;
  readonly inputShapes: readonly (readonly number[])[];
  readonly outputShapes: readonly (readonly number[])[];
  readonly tests: readonly FdeepTest[];
}

/**
 * The JSON text of a model for frugally-deep.
 * @param weights by `[sub-model/]layer/weight` in Keras' shapes
 * @throws UserError for a layer that frugally-deep does not have
 * @throws Error when a weight is missing
 */
export function fdeepJson(model: FunctionalModel, weights: Weights, content: FdeepContent): string {
  const architecture = kerasArchitecture(model, content.form === 'keras2' ? 'keras2.15' : 'keras3');
  return JSON.stringify({
    architecture,
    image_data_format: 'channels_last',
    input_shapes: content.inputShapes,
    output_shapes: content.outputShapes,
    tests: content.tests.map(({ inputs, outputs }) => ({
      inputs: inputs.map(testTensor),
      outputs: outputs.map(testTensor),
    })),
    trainable_params: trainableParameters(model, weights),
    hash: fdeepHash(model, weights),
  });
}

/**
 * Writes a network for frugally-deep, with one test on standard normal inputs.
 * @throws UserError for a layer that frugally-deep does not have, or when the file cannot be written
 */
export async function writeFdeep(
  path: string,
  model: NetworkModel,
  weights: Weights,
  { form = 'keras2', seed = 0 }: { readonly form?: FdeepForm; readonly seed?: number } = {},
): Promise<void> {
  const { network } = model;
  const content = {
    form,
    inputShapes: network.inputs.map(({ shape }) => shape),
    outputShapes: network.outputs.map(({ shape }) => shape),
    tests: [await randomTest(model, weights, seed)],
  };
  await atomicWrite(path, fdeepJson(modelFromNetwork(network), weights, content));
}

/** SHA-256 over the layers in order: every weight's bytes as Keras lists them, then the layer's name. */
export function fdeepHash(model: FunctionalModel, weights: Weights): string {
  const hash = createHash('sha256');
  for (const layer of model.layers) {
    for (const { name } of kerasWeightSlots(layer)) {
      const { buffer, byteOffset, byteLength } = weightOf(weights, `${layer.name}/${name}`).values;
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
    hash.update(layer.name, 'ascii');
  }
  return hash.digest('hex');
}

function trainableParameters(model: FunctionalModel, weights: Weights): JsonValue {
  const layers = weightedLayers(model).map(({ fileName, scope, weights: stored }) => {
    const arrays = stored.map((entry) => {
      const { shape, values } = weightOf(weights, `${scope}/${entry.weight}`);
      return [entry.key, encodeArray(toFile(entry, shape, values))] as const;
    });
    return [fileName, Object.fromEntries(arrays)] as const;
  });
  return Object.fromEntries(layers);
}

function weightOf(weights: Weights, name: string): HostTensor {
  const found = weights[name];
  if (found === undefined) throw new Error(`frugally-deep: there is no weight ${name}`);
  return found;
}

const testTensor = ({ shape, values }: HostTensor) => ({ shape: [...shape], values: encodeArray(values) });

async function randomTest(model: NetworkModel, weights: Weights, seed: number): Promise<FdeepTest> {
  const inputs = Object.entries(model.inputs).map(([name, shape]): [string, HostTensor] => {
    const numbers = new SeededNumbers(seed, name);
    return [
      name,
      { shape, values: Float32Array.from({ length: elementsOf(shape) }, () => numbers.normal()) },
    ];
  });
  const rows = inputs.map(([name, { shape, values }]) => [name, { shape: [1, ...shape], values }] as const);
  const results = await eagerRunner.run((tensors) => predict(model, tensors, tensors), {
    ...weights,
    ...Object.fromEntries(rows),
  });
  return {
    inputs: inputs.map(([, tensor]) => tensor),
    outputs: model.outputs.map((name) => ({
      shape: results[name].shape.slice(1),
      values: results[name].values,
    })),
  };
}
