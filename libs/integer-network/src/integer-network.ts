import { sizeOf } from '@hep/nn';
import type { Network, NetworkNode, Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import type { Grid } from '@hep/quant';
import { roundHalfEven } from '@hep/statistics';
import { gridIn } from './coded-weights.ts';
import { codesFor, signalOf } from './signal.ts';
import type { Codes, Signal, Stage } from './signal.ts';
import { stagesOf } from './stage-of.ts';

/** A quantised network in integers. */
export interface IntegerNetwork {
  /** Numbers of one input row. */
  readonly inputSize: number;
  /** Numbers of one output row. */
  readonly outputSize: number;
  /** An output is its code times this power of two. */
  readonly outputStep: number;
  /** Codes [rows, outputSize] of the outputs for inputs [rows, inputSize]. */
  codes(inputs: ArrayLike<number>): Codes;
  /** The same as numbers; equal to the float32 network's, bit for bit, while its sums fit 24 bits. */
  values(inputs: ArrayLike<number>): Float32Array;
}

/**
 * Compiles a quantised network with one input and one output to integer arithmetic (qkeras.md 8): codes of the inputs,
 * whole products and sums, rounding half to even where the network has a quantiser. The input must pass a quantiser
 * first. One network computes one row at a time; it is not to be shared between threads.
 * @param weights by the network's parameter names, as they are trained; their quantisers are applied here
 * @throws UserError for a layer or a quantiser without integers, and for sums beyond 53 bits
 */
export function integerNetwork(network: Network, weights: Weights): IntegerNetwork {
  if (network.inputs.length !== 1 || network.outputs.length !== 1) {
    throw new UserError(`network ${network.name}: expected one input and one output to compute in integers`);
  }
  const [input] = network.inputs;
  const [output] = network.outputs;
  const signals = new Map<NetworkNode, Signal>();
  const stages: Stage[] = [];
  const entry = entryOf(network, input);
  for (const node of network.nodes) {
    if (node === input) continue;
    if (node === entry.node) {
      signals.set(node, entry.signal);
      continue;
    }
    const inputs = node.inputs.map((from) => signals.get(from)!);
    const made = stagesOf({ node, layer: node.layer!.kerasConfig(), inputs, weights });
    stages.push(...made);
    signals.set(node, made[made.length - 1].signal);
  }
  return assembled(entry, stages, signals.get(output)!);
}

interface Entry {
  readonly node: NetworkNode;
  readonly grid: Grid;
  readonly signal: Signal;
}

/** The quantiser that every input number passes. */
function entryOf({ name, nodes }: Network, input: NetworkNode): Entry {
  const users = nodes.filter(({ inputs }) => inputs.includes(input));
  const [node] = users;
  const layer = node?.layer?.kerasConfig();
  if (users.length !== 1 || layer?.className !== 'QActivation') {
    throw new UserError(
      `network ${name}: expected a QActivation right after the input to compute in integers`,
    );
  }
  const grid = gridIn(node.name, layer.config, 'activation');
  const bound = Math.max(-grid.lowest, grid.highest);
  return { node, grid, signal: signalOf(node.name, node.shape, grid.exponent, bound) };
}

function assembled({ grid, signal }: Entry, stages: readonly Stage[], output: Signal): IntegerNetwork {
  const inputSize = sizeOf(signal.shape);
  const outputSize = output.codes.length;
  const outputStep = 2 ** output.exponent;
  const scale = 2 ** -grid.exponent;
  const { codes: first } = signal;
  const readRow = (inputs: ArrayLike<number>, start: number) => {
    for (let i = 0; i < inputSize; i++) {
      const code = roundHalfEven(inputs[start + i] * scale);
      first[i] = code < grid.lowest ? grid.lowest : code > grid.highest ? grid.highest : code;
    }
  };
  const codes = (inputs: ArrayLike<number>): Codes => {
    const rows = inputs.length / inputSize;
    if (!Number.isInteger(rows)) {
      throw new UserError(`${inputs.length} input numbers, expected a multiple of ${inputSize}`);
    }
    const results = codesFor('output', rows * outputSize, output.bound);
    for (let row = 0; row < rows; row++) {
      readRow(inputs, row * inputSize);
      for (const stage of stages) stage.run();
      results.set(output.codes, row * outputSize);
    }
    return results;
  };
  return {
    inputSize,
    outputSize,
    outputStep,
    codes,
    values: (inputs) => Float32Array.from(codes(inputs), (code) => code * outputStep),
  };
}
