/**
 * Long short-term memory with Keras' gate order (input, forget, cell, output), sigmoid gates and tanh cells.
 * Forward and gradient are written once, here, with ordinary operations; a trace keeps them as one node each.
 *
 * Inside, sequences are [time * batch, features], so that a time step is one contiguous block, and the columns of
 * the gates are reordered to (input, forget, output, cell), so that one sigmoid serves three gates. Only what
 * depends on the step before is in the loops: ten operations forward, six backward.
 */
import { GRAPH_BACKEND } from './ops.ts';
import { runKernel, tf } from './tfjs.ts';

/** What the gradient needs of every step, [time * batch, units]; gates are [time * batch, 3 units]. */
export type LstmTrace = [
  hidden: tf.Tensor,
  gates: tf.Tensor,
  candidates: tf.Tensor,
  cells: tf.Tensor,
  squashedCells: tf.Tensor,
];

type Weights = readonly [kernel: tf.Tensor, recurrentKernel: tf.Tensor];

/** Columns of (input, forget, cell, output) as (input, forget, output, cell); its own inverse. */
function exchangeLastGates(weights: tf.Tensor): tf.Tensor {
  const axis = weights.rank - 1;
  const units = weights.shape[axis]! / 4;
  const [first, third, fourth] = tf.split(weights, [2 * units, units, units], axis) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  return tf.concat([first, fourth, third], axis);
}

/** [batch, time, features] -> [time * batch, features] */
function timeMajor(x: tf.Tensor): tf.Tensor2D {
  const [batch, time, features] = x.shape as [number, number, number];
  return tf.reshape(tf.transpose(x, [1, 0, 2]), [time * batch, features]);
}

/** Blocks of one time step each. */
const steps = (sequence: tf.Tensor, time: number): tf.Tensor[] =>
  time === 1 ? [sequence] : tf.split(sequence, time, 0);

const product = (a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false) =>
  tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB) as tf.Tensor;

/** Unrolled forward pass; x is [batch, time, features]. */
export function lstmForward(
  x: tf.Tensor,
  kernel: tf.Tensor,
  recurrentKernel: tf.Tensor,
  bias: tf.Tensor,
): LstmTrace {
  const time = x.shape[1]!;
  const units = recurrentKernel.shape[0]!;
  const recurrent = exchangeLastGates(recurrentKernel);
  const driven = tf.add(product(timeMajor(x), exchangeLastGates(kernel)), exchangeLastGates(bias));
  const trace: [tf.Tensor[], tf.Tensor[], tf.Tensor[], tf.Tensor[], tf.Tensor[]] = [[], [], [], [], []];
  const [hidden, gates, candidates, cells, squashed] = trace;
  steps(driven, time).forEach((drive, t) => {
    const z = t === 0 ? drive : tf.add(product(hidden[t - 1]!, recurrent), drive);
    const [zGates, zCell] = tf.split(z, [3 * units, units], 1) as [tf.Tensor, tf.Tensor];
    const gate = tf.sigmoid(zGates);
    const candidate = tf.tanh(zCell);
    const [input, forget, output] = tf.split(gate, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const written = tf.mul(input, candidate);
    const cell = t === 0 ? written : tf.add(tf.mul(forget, cells[t - 1]!), written);
    const squashedCell = tf.tanh(cell);
    gates.push(gate);
    candidates.push(candidate);
    cells.push(cell);
    squashed.push(squashedCell);
    hidden.push(tf.mul(output, squashedCell));
  });
  return trace.map((sequence) => (time === 1 ? sequence[0]! : tf.concat(sequence, 0))) as LstmTrace;
}

/**
 * Gradients of the forward pass with respect to x, kernel, recurrent kernel and bias.
 * @param dHidden gradient of the last hidden state [batch, units], or of all of them [time * batch, units]
 */
export function lstmBackward(
  dHidden: tf.Tensor,
  x: tf.Tensor,
  [kernel, recurrentKernel]: Weights,
  trace: LstmTrace,
  options: { lastOnly: boolean },
): [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] {
  const [batch, time, features] = x.shape as [number, number, number];
  const dz = gateGradients(dHidden, exchangeLastGates(recurrentKernel), trace, { ...options, batch, time });
  const dx = tf.reshape(product(dz, exchangeLastGates(kernel), false, true), [time, batch, features]);
  return [
    tf.transpose(dx, [1, 0, 2]),
    exchangeLastGates(product(timeMajor(x), dz, true)),
    exchangeLastGates(recurrentGradient(trace[0], dz, batch, time)),
    exchangeLastGates(tf.sum(dz, 0)),
  ];
}

interface Sizes {
  readonly lastOnly: boolean;
  readonly batch: number;
  readonly time: number;
}

/** Gradient of the gates' arguments at every step, [time * batch, 4 units], in the inner order of gates. */
function gateGradients(dHidden: tf.Tensor, recurrent: tf.Tensor, trace: LstmTrace, sizes: Sizes): tf.Tensor {
  const { time, lastOnly } = sizes;
  const { slopes, cellSlope, forget } = localSlopes(trace, sizes);
  const slopeSteps = steps(slopes, time);
  const cellSlopeSteps = steps(cellSlope, time);
  const forgetSteps = steps(forget, time);
  const dHiddenSteps = lastOnly ? [] : steps(dHidden, time);
  const dz = new Array<tf.Tensor>(time);
  let dCellNext: tf.Tensor | null = null;
  for (let t = time - 1; t >= 0; t--) {
    const given: tf.Tensor | undefined = lastOnly ? (t === time - 1 ? dHidden : undefined) : dHiddenSteps[t];
    const carried: tf.Tensor | undefined =
      t === time - 1 ? undefined : product(dz[t + 1]!, recurrent, false, true);
    const dh = given === undefined ? carried! : carried === undefined ? given : tf.add(carried, given);
    const throughOutput = tf.mul(dh, cellSlopeSteps[t]!);
    const dCell: tf.Tensor = dCellNext === null ? throughOutput : tf.add(throughOutput, dCellNext);
    dz[t] = tf.mul(tf.concat([dCell, dCell, dh, dCell], 1), slopeSteps[t]!);
    dCellNext = tf.mul(dCell, forgetSteps[t]!);
  }
  return time === 1 ? dz[0]! : tf.concat(dz, 0);
}

/** What multiplies the state gradients at every step; nothing here depends on another step's gradient. */
function localSlopes([, gates, candidates, cells, squashed]: LstmTrace, { batch, time }: Sizes) {
  const units = cells.shape[1]!;
  const [input, forget, output] = tf.split(gates, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const none = tf.zeros([batch, units]);
  const before =
    time === 1 ? none : tf.concat([none, tf.slice(cells, [0, 0], [(time - 1) * batch, units])], 0);
  const [inputSlope, forgetSlope, outputSlope] = tf.split(
    tf.mul(gates, tf.sub(1, gates)),
    3,
    1,
  ) as tf.Tensor[];
  const tanhSlope = (value: tf.Tensor) => tf.sub(1, tf.square(value));
  return {
    slopes: tf.concat(
      [
        tf.mul(candidates, inputSlope!),
        tf.mul(before, forgetSlope!),
        tf.mul(squashed, outputSlope!),
        tf.mul(input, tanhSlope(candidates)),
      ],
      1,
    ),
    cellSlope: tf.mul(output, tanhSlope(squashed)),
    forget,
  };
}

function recurrentGradient(hidden: tf.Tensor, dz: tf.Tensor, batch: number, time: number): tf.Tensor {
  const units = hidden.shape[1]!;
  if (time === 1) return tf.zeros([units, 4 * units]);
  const rows = (time - 1) * batch;
  return product(tf.slice(hidden, [0, 0], [rows, units]), tf.slice(dz, [batch, 0], [rows, 4 * units]), true);
}

/**
 * LSTM layer.
 * @param x [batch, time, features]
 * @param kernel [features, 4 units]
 * @param recurrentKernel [units, 4 units]
 * @param bias [4 units]
 * @returns the last hidden state [batch, units], or every one [batch, time, units] with `returnSequences`
 */
export function lstm(
  x: tf.Tensor,
  kernel: tf.Tensor,
  recurrentKernel: tf.Tensor,
  bias: tf.Tensor,
  options: { returnSequences?: boolean } = {},
): tf.Tensor {
  const lastOnly = !options.returnSequences;
  const [batch, time] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const operation = tf.customGrad((...operands) => {
    const save = operands.pop() as unknown as tf.GradSaveFunc;
    const [input, ...weights] = operands as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const trace = forwardOf(input, ...weights);
    save([input, weights[0], weights[1], ...trace]);
    const value = lastOnly ? tf.slice(trace[0], [(time - 1) * batch, 0], [batch, units]) : trace[0];
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) =>
      backwardOf(Array.isArray(dy) ? dy[0]! : dy, saved, lastOnly);
    return { value, gradFunc };
  });
  const result = operation(x, kernel, recurrentKernel, bias);
  return lastOnly ? result : tf.transpose(tf.reshape(result, [time, batch, units]), [1, 0, 2]);
}

const isTracing = () => tf.getBackend() === GRAPH_BACKEND;

function forwardOf(x: tf.Tensor, kernel: tf.Tensor, recurrentKernel: tf.Tensor, bias: tf.Tensor): LstmTrace {
  if (!isTracing()) return lstmForward(x, kernel, recurrentKernel, bias);
  return runKernel('Lstm', { x, kernel, recurrentKernel, bias }, {}) as LstmTrace;
}

function backwardOf(dHidden: tf.Tensor, saved: readonly tf.Tensor[], lastOnly: boolean): tf.Tensor[] {
  const [x, kernel, recurrentKernel, ...rest] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  const trace = rest as LstmTrace;
  if (!isTracing()) return lstmBackward(dHidden, x, [kernel, recurrentKernel], trace, { lastOnly });
  const [hidden, gates, candidates, cells, squashedCells] = trace;
  const named = { dHidden, x, kernel, recurrentKernel, hidden, gates, candidates, cells, squashedCells };
  return runKernel('LstmGrad', named, { lastOnly });
}
