/**
 * Long short-term memory with Keras' gate order (input, forget, cell, output), sigmoid gates and tanh cells.
 * Forward and gradient are written once, here, with ordinary operations; a trace keeps them as one node each.
 *
 * Sequences inside are [time, batch, features], so that one time step is one contiguous block.
 */
import { GRAPH_BACKEND } from './ops.ts';
import { runKernel, tf } from './tfjs.ts';

/** Hidden states, activated gates [time, batch, 4 units] and cells of every step. */
type LstmResult = [hidden: tf.Tensor, gates: tf.Tensor, cells: tf.Tensor];

const rows = (x: tf.Tensor) => x.shape[0]! * x.shape[1]!;

/** Unrolled forward pass; x is [batch, time, features]. */
export function lstmForward(
  x: tf.Tensor,
  kernel: tf.Tensor,
  recurrentKernel: tf.Tensor,
  bias: tf.Tensor,
): LstmResult {
  const [batch, time, features] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const timeMajor = tf.reshape(tf.transpose(x, [1, 0, 2]), [time * batch, features]);
  const driven = tf.reshape(tf.add(tf.matMul(timeMajor, kernel as tf.Tensor2D), bias), [
    time,
    batch,
    4 * units,
  ]);
  const steps = tf.unstack(driven);
  const hidden: tf.Tensor[] = [];
  const gates: tf.Tensor[] = [];
  const cells: tf.Tensor[] = [];
  steps.forEach((drive, t) => {
    const z =
      t === 0
        ? drive
        : tf.add(drive, tf.matMul(hidden[t - 1] as tf.Tensor2D, recurrentKernel as tf.Tensor2D));
    const [zInput, zForget, zCell, zOutput] = tf.split(z, 4, 1) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const input = tf.sigmoid(zInput);
    const forget = tf.sigmoid(zForget);
    const candidate = tf.tanh(zCell);
    const output = tf.sigmoid(zOutput);
    const written = tf.mul(input, candidate);
    const cell = t === 0 ? written : tf.add(tf.mul(forget, cells[t - 1]!), written);
    cells.push(cell);
    hidden.push(tf.mul(output, tf.tanh(cell)));
    gates.push(tf.concat([input, forget, candidate, output], 1));
  });
  return [tf.stack(hidden), tf.stack(gates), tf.stack(cells)];
}

/**
 * Gradients of the forward pass with respect to x, kernel, recurrent kernel and bias.
 * One matrix product for all recurrent weights; the loop only carries the two state gradients.
 */
export function lstmBackward(
  dHidden: tf.Tensor,
  x: tf.Tensor,
  kernel: tf.Tensor,
  recurrentKernel: tf.Tensor,
  [hidden, gates, cells]: LstmResult,
): [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] {
  const [batch, time, features] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const dHiddenSteps = tf.unstack(dHidden);
  const gateSteps = tf.unstack(gates);
  const cellSteps = tf.unstack(cells);
  const dz: tf.Tensor[] = new Array<tf.Tensor>(time);
  let dHiddenNext: tf.Tensor | null = null;
  let dCellNext: tf.Tensor | null = null;
  for (let t = time - 1; t >= 0; t--) {
    const [input, forget, candidate, output] = tf.split(gateSteps[t]!, 4, 1) as tf.Tensor[];
    const tanhCell = tf.tanh(cellSteps[t]!);
    const dh: tf.Tensor = dHiddenNext === null ? dHiddenSteps[t]! : tf.add(dHiddenSteps[t]!, dHiddenNext);
    const throughOutput = tf.mul(tf.mul(dh, output!), tf.sub(1, tf.square(tanhCell)));
    const dCell: tf.Tensor = dCellNext === null ? throughOutput : tf.add(throughOutput, dCellNext);
    const sigmoidSlope = (gate: tf.Tensor) => tf.mul(gate, tf.sub(1, gate));
    const dForget =
      t === 0 ? tf.zerosLike(dCell) : tf.mul(tf.mul(dCell, cellSteps[t - 1]!), sigmoidSlope(forget!));
    dz[t] = tf.concat(
      [
        tf.mul(tf.mul(dCell, candidate!), sigmoidSlope(input!)),
        dForget,
        tf.mul(tf.mul(dCell, input!), tf.sub(1, tf.square(candidate!))),
        tf.mul(tf.mul(dh, tanhCell), sigmoidSlope(output!)),
      ],
      1,
    );
    if (t > 0) {
      dHiddenNext = tf.matMul(dz[t] as tf.Tensor2D, recurrentKernel as tf.Tensor2D, false, true);
      dCellNext = tf.mul(dCell, forget!);
    }
  }
  const dzAll = tf.concat(dz, 0) as tf.Tensor2D;
  const timeMajor = tf.reshape(tf.transpose(x, [1, 0, 2]), [rows(x), features]) as tf.Tensor2D;
  const dx = tf.reshape(tf.matMul(dzAll, kernel as tf.Tensor2D, false, true), [time, batch, features]);
  const dRecurrent =
    time === 1 ? tf.zerosLike(recurrentKernel) : recurrentGradient(hidden, dz, batch, time, units);
  return [
    tf.transpose(dx, [1, 0, 2]),
    tf.matMul(timeMajor, dzAll, true, false),
    dRecurrent,
    tf.sum(dzAll, 0),
  ];
}

function recurrentGradient(
  hidden: tf.Tensor,
  dz: tf.Tensor[],
  batch: number,
  time: number,
  units: number,
): tf.Tensor {
  const before = tf.reshape(tf.slice(hidden, [0, 0, 0], [time - 1, batch, units]), [
    (time - 1) * batch,
    units,
  ]);
  return tf.matMul(before as tf.Tensor2D, tf.concat(dz.slice(1), 0) as tf.Tensor2D, true, false);
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
  const time = x.shape[1]!;
  const tracing = tf.getBackend() === GRAPH_BACKEND;
  const operation = tf.customGrad((...operands) => {
    const save = operands.pop() as unknown as tf.GradSaveFunc;
    const [input, weights, recurrent, offset] = operands as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const result = (
      tracing
        ? runKernel('Lstm', { x: input, kernel: weights, recurrentKernel: recurrent, bias: offset }, {})
        : lstmForward(input, weights, recurrent, offset)
    ) as LstmResult;
    save([input, weights, recurrent, ...result]);
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]): tf.Tensor[] => {
      const dHidden = Array.isArray(dy) ? dy[0]! : dy;
      const [savedX, savedKernel, savedRecurrent, hidden, gates, cells] = saved as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      if (!tracing) return lstmBackward(dHidden, savedX, savedKernel, savedRecurrent, [hidden, gates, cells]);
      const named = {
        dHidden,
        x: savedX,
        kernel: savedKernel,
        recurrentKernel: savedRecurrent,
        hidden,
        gates,
        cells,
      };
      return runKernel('LstmGrad', named, {});
    };
    return { value: result[0], gradFunc };
  });
  const hidden = operation(x, kernel, recurrentKernel, bias);
  if (options.returnSequences) return tf.transpose(hidden, [1, 0, 2]);
  const [, batch, units] = hidden.shape as [number, number, number];
  return tf.reshape(tf.slice(hidden, [time - 1, 0, 0], [1, batch, units]), [batch, units]);
}
