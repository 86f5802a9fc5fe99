/**
 * Long short-term memory with Keras' gate order (input, forget, cell, output), sigmoid gates and tanh cells.
 * Forward and gradient are written once, here, with ordinary operations; a trace keeps them as one node each.
 *
 * Inside, everything of one time step is [features, batch], so that gates are cut and joined as whole blocks of memory.
 * Only what depends on the step before is a product in the loop; inputs and weight gradients of all the steps are one
 * product each. What the gradient needs of every step is joined along an axis of its own: where forward and gradient
 * end up in one graph, the passes take joints and cuts out again.
 */
import { GRAPH_BACKEND } from './ops.ts';
import { runKernel, tf } from './tfjs.ts';

/**
 * What the gradient needs of every step: hidden states [units, time * batch]; cell candidates, cells and their tanh
 * [time * units, batch]; gates (input, forget, output) [time * 3 units, batch].
 */
export type LstmTrace = [
  hidden: tf.Tensor,
  gates: tf.Tensor,
  candidates: tf.Tensor,
  cells: tf.Tensor,
  squashedCells: tf.Tensor,
];

type Weights = readonly [kernel: tf.Tensor, recurrentKernel: tf.Tensor];

/** Columns of weights [n, 4 units] as rows: those of the three gates [3 units, n], and the candidates' [units, n]. */
function rowsOf(weights: tf.Tensor): { readonly gates: tf.Tensor; readonly candidate: tf.Tensor } {
  const [input, forget, candidate, output] = split(tf.transpose(weights), 4, 0);
  return { gates: tf.concat([input!, forget!, output!], 0), candidate: candidate! };
}

/**
 * [4 units, n] -> [n, 4 units]. Between the reshapes ONNX Runtime does not see a transposed product; it would transpose
 * both operands instead, which takes two to three times as long as the product.
 */
function columnsOf(gradient: tf.Tensor): tf.Tensor {
  const [width, n] = gradient.shape as [number, number];
  return tf.reshape(tf.transpose(tf.reshape(gradient, [4, width / 4, n]), [2, 0, 1]), [n, width]);
}

/** [batch, time, features] -> [time * batch, features] */
function timeMajor(x: tf.Tensor): tf.Tensor2D {
  const [batch, time, features] = x.shape as [number, number, number];
  return tf.reshape(tf.transpose(x, [1, 0, 2]), [time * batch, features]);
}

const split = (x: tf.Tensor, pieces: number, axis: number): tf.Tensor[] =>
  pieces === 1 ? [x] : tf.split(x, pieces, axis);

const join = (pieces: tf.Tensor[], axis: number): tf.Tensor =>
  pieces.length === 1 ? pieces[0]! : tf.concat(pieces, axis);

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
  const source = timeMajor(x);
  const [fromInput, recurrent] = [rowsOf(kernel), rowsOf(recurrentKernel)];
  const shift = rowsOf(tf.reshape(bias, [1, bias.size]));
  const drive = (part: 'gates' | 'candidate') =>
    split(tf.add(product(fromInput[part], source, false, true), shift[part]), time, 1);
  const [gateDrive, candidateDrive] = [drive('gates'), drive('candidate')];
  const trace: [tf.Tensor[], tf.Tensor[], tf.Tensor[], tf.Tensor[], tf.Tensor[]] = [[], [], [], [], []];
  const [hidden, gates, candidates, cells, squashed] = trace;
  for (let t = 0; t < time; t++) {
    const sum = (part: 'gates' | 'candidate', driven: tf.Tensor) =>
      t === 0 ? driven : tf.add(product(recurrent[part], hidden[t - 1]!), driven);
    gates.push(tf.sigmoid(sum('gates', gateDrive[t]!)));
    candidates.push(tf.tanh(sum('candidate', candidateDrive[t]!)));
    const [input, forget, output] = split(gates[t]!, 3, 0) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const written = tf.mul(input, candidates[t]!);
    cells.push(t === 0 ? written : tf.add(tf.mul(forget, cells[t - 1]!), written));
    squashed.push(tf.tanh(cells[t]!));
    hidden.push(tf.mul(output, squashed[t]!));
  }
  return trace.map((sequence, index) => join(sequence, index === 0 ? 1 : 0)) as LstmTrace;
}

/**
 * Gradients of the forward pass with respect to x, kernel, recurrent kernel and bias.
 * @param dHidden gradient of the last hidden state [units, batch], or of all of them [units, time * batch]
 */
export function lstmBackward(
  dHidden: tf.Tensor,
  x: tf.Tensor,
  [kernel, recurrentKernel]: Weights,
  trace: LstmTrace,
  options: { lastOnly: boolean },
): [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] {
  const [batch, time, features] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const hidden = split(trace[0], time, 1);
  const dz = join(gateGradients(dHidden, recurrentKernel, hidden, trace, { ...options, time }), 1);
  const before = join([tf.zeros([units, batch]), ...hidden.slice(0, -1)], 1);
  const dx = tf.reshape(product(dz, kernel, true, true), [time, batch, features]);
  return [
    tf.transpose(dx, [1, 0, 2]),
    columnsOf(product(dz, timeMajor(x))),
    columnsOf(product(dz, before, false, true)),
    tf.sum(dz, 1),
  ];
}

/** Gradients of the arguments of gates and candidates in Keras' order, [4 units, batch] for every step. */
function gateGradients(
  dHidden: tf.Tensor,
  recurrentKernel: tf.Tensor,
  hidden: readonly tf.Tensor[],
  trace: LstmTrace,
  { time, lastOnly }: { readonly lastOnly: boolean; readonly time: number },
): tf.Tensor[] {
  const [gates, candidates, cells, squashed] = trace.slice(1).map((sequence) => split(sequence, time, 0));
  const given = lastOnly ? [dHidden] : split(dHidden, time, 1);
  const dz = new Array<tf.Tensor>(time);
  let dCellAfter: tf.Tensor | undefined;
  for (let t = time - 1; t >= 0; t--) {
    const own = lastOnly ? given[t - time + 1] : given[t];
    const carried = t === time - 1 ? undefined : product(recurrentKernel, dz[t + 1]!);
    const dh = own === undefined ? carried! : carried === undefined ? own : tf.add(carried, own);
    const [input, forget, output] = split(gates![t]!, 3, 0) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const candidate = candidates![t]!;
    const written = tf.mul(input, candidate);
    const throughOutput = tf.mul(dh, tf.sub(output, tf.mul(hidden[t]!, squashed![t]!)));
    const dCell: tf.Tensor = dCellAfter === undefined ? throughOutput : tf.add(throughOutput, dCellAfter);
    dz[t] = tf.concat(
      [
        tf.mul(dCell, beforeSigmoid(written, input)),
        t === 0 ? tf.zerosLike(forget) : tf.mul(dCell, beforeSigmoid(tf.mul(forget, cells![t - 1]!), forget)),
        tf.mul(dCell, tf.sub(input, tf.mul(written, candidate))),
        tf.mul(dh, beforeSigmoid(hidden[t]!, output)),
      ],
      0,
    );
    dCellAfter = tf.mul(dCell, forget);
  }
  return dz;
}

/** Derivative of gate * other by the gate's argument: the product times (1 - gate). */
const beforeSigmoid = (product: tf.Tensor, gate: tf.Tensor) => tf.sub(product, tf.mul(product, gate));

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
    const value = lastOnly ? tf.slice(trace[0], [0, (time - 1) * batch], [units, batch]) : trace[0];
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) =>
      backwardOf(Array.isArray(dy) ? dy[0]! : dy, saved, lastOnly);
    return { value, gradFunc };
  });
  const result = operation(x, kernel, recurrentKernel, bias);
  return lastOnly ? tf.transpose(result) : tf.transpose(tf.reshape(result, [units, time, batch]), [2, 1, 0]);
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
