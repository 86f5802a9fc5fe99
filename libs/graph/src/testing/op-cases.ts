/**
 * One or more cases for each row of the op table, as tfjs users write them. Tests compare tfjs `cpu`,
 * the symbolic shape and ONNX Runtime on them; the interop check adds TensorFlow.
 */
import { arrangementCases } from './op-cases/arrangement.ts';
import { compositeCases } from './op-cases/composite.ts';
import { contractionCases } from './op-cases/contraction.ts';
import { binaryCases, unaryCases } from './op-cases/elementwise.ts';
import type { OpCase } from './op-cases/op-case.ts';
import { poolingCases } from './op-cases/pooling.ts';
import { rankCases, reductionCases } from './op-cases/reduction.ts';

export type { CaseOperand, Draw, OpCase } from './op-cases/op-case.ts';

/** The cases of all families. */
export const opCases: readonly OpCase[] = [
  ...unaryCases,
  ...binaryCases,
  ...reductionCases,
  ...rankCases,
  ...arrangementCases,
  ...contractionCases,
  ...poolingCases,
  ...compositeCases,
];
