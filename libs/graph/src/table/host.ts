/**
 * Operations that plain JavaScript computes between two parts of a compiled step (passes/partition.ts): what no tensor
 * operation expresses. They exist in training and evaluation only; no exported file can hold them.
 */
import { createEmdSolver, EMPTY_FIRST, EMPTY_SECOND } from '@hep/optimal-transport';
import type { Attributes, ConcreteType } from '../ir.ts';
import type { HostFunction, OpRow } from './row.ts';

export type { HostFunction } from './row.ts';

/** x and y [B, bins] -> distances [B] and their gradients by y [B, bins]. */
const earthMoversDistance: OpRow = {
  record(inputs, attributes) {
    const { x, y } = inputs as { x: ConcreteType; y: ConcreteType };
    if (String(x.shape) !== String(y.shape) || x.shape.length !== 2) {
      throw new Error(`histograms [${x.shape}] and [${y.shape}]; expected twice [rows, bins]`);
    }
    return {
      inputs: ['x', 'y'],
      attributes: { metric: attributes['metric'] as number[] },
      outputs: [{ shape: [x.shape[0]!], dtype: 'float32' }, y],
    };
  },
  host({ metric }) {
    const distances = Float64Array.from(metric as number[]);
    const bins = Math.sqrt(distances.length);
    const solver = createEmdSolver(distances, bins);
    const farthest = Math.max(...distances);
    const gradient = new Float64Array(bins);
    return ([x, y], [distance, gradients]) => {
      for (let row = 0, offset = 0; row < distance!.length; row++, offset += bins) {
        const isFinite = hasFiniteSum(x!, offset, bins) && hasFiniteSum(y!, offset, bins);
        const found = isFinite ? solver.emdGradient(x!, y!, gradient, offset, offset) : Number.NaN;
        // Nothing to compare with costs nothing; nothing found is as far as can be.
        distance![row] = found === EMPTY_FIRST ? 0 : found === EMPTY_SECOND ? farthest : found;
        for (let bin = 0; bin < bins; bin++)
          gradients![offset + bin] = isFinite ? gradient[bin]! : Number.NaN;
      }
    };
  },
};

function hasFiniteSum(values: Float32Array, offset: number, count: number): boolean {
  let sum = 0;
  for (let i = offset; i < offset + count; i++) sum += values[i]!;
  return Number.isFinite(sum);
}

/** Operations that the host computes. */
export const hostRows: readonly (readonly [string, OpRow])[] = [['EarthMoversDistance', earthMoversDistance]];

/** The function of an operation of the host. Throws when there is none of that name. */
export function hostFunction(op: string, attributes: Attributes): HostFunction {
  const row = hostRows.find(([name]) => name === op)?.[1];
  if (row === undefined) throw new Error(`operation ${op} is not one of the host`);
  return row.host!(attributes);
}
