import { emitGraphDef, emitOnnx, freeze, optimise, trace } from '@hep/graph';
import type { Graph, Signature } from '@hep/graph';
import { predict } from '@hep/nn';
import type { Model, Weights } from '@hep/nn';
import type { NetworkPaths } from './model-artefacts.ts';
import { atomicWrite } from '@hep/files';

/** Names of the operands in exported graphs; the defaults are what CMSSW asks for. */
export interface OperandNames {
  /** Default: `x`, or the model's own names when it has several inputs. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Default: `Identity`, or the model's own names when it has several outputs. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** The model in inference mode with its weights as constants; any number of rows. */
export function frozenGraph(model: Model, weights: Weights): Graph {
  const inputs: Signature = Object.fromEntries(
    Object.entries(model.inputs).map(([name, shape]) => [
      name,
      { shape: [{ batch: 1 }, ...shape], dtype: 'float32' as const },
    ]),
  );
  const state: Signature = Object.fromEntries(
    model.parameterSpecs.map(({ name, shape }) => [name, { shape, dtype: 'float32' as const }]),
  );
  const traced = trace((parameters, operands) => ({ outputs: predict(model, parameters, operands) }), {
    inputs,
    state,
  });
  const values = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, weight.values]));
  return freeze(optimise(traced), values);
}

/** Writes the frozen graph of a model as `.pb`, `.pb.ascii` (TensorFlow) and `.onnx`, those that have a path. */
export async function writeInferenceFiles(
  { pb, pbAscii, onnx }: Partial<Pick<NetworkPaths, 'pb' | 'pbAscii' | 'onnx'>>,
  model: Model,
  weights: Weights,
  names: OperandNames = {},
): Promise<void> {
  const graph = frozenGraph(model, weights);
  if (pb !== undefined || pbAscii !== undefined) {
    const { bytes, text } = emitGraphDef(graph, operandsOf(model, names));
    if (pb !== undefined) await atomicWrite(pb, bytes);
    if (pbAscii !== undefined) await atomicWrite(pbAscii, text);
  }
  if (onnx !== undefined) await atomicWrite(onnx, onnxBytes(graph, model, names));
}

/** Writes the frozen graph of a model as ONNX alone. */
export async function writeOnnx(
  path: string,
  model: Model,
  weights: Weights,
  names: OperandNames = {},
): Promise<void> {
  await atomicWrite(path, onnxBytes(frozenGraph(model, weights), model, names));
}

function onnxBytes(graph: Graph, model: Model, names: OperandNames): Uint8Array {
  const { inputs, outputs } = operandsOf(model, names);
  return emitOnnx(graph, {
    name: model.name,
    names: {
      input: (name) => inputs[name] ?? name,
      output: (name) => outputs[name] ?? name,
      state: (name) => name,
      next: (name) => name,
    },
  }).bytes;
}

function operandsOf(model: Model, names: OperandNames): Required<OperandNames> {
  return {
    inputs: names.inputs ?? single(Object.keys(model.inputs), 'x'),
    outputs: names.outputs ?? single(model.outputs, 'Identity'),
  };
}

function single(names: readonly string[], alias: string): Record<string, string> {
  return names.length === 1 ? { [names[0]]: alias } : {};
}
