/** Cases of resizing, normalisation, recurrent layers and random numbers. */
import { lstm, seededMask, seededUniform } from '../../index.ts';
import { tf } from '../../tfjs.ts';
import { B, positive, signed } from './op-case.ts';
import type { OpCase } from './op-case.ts';

const resized = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [6, 8]);

const lstmOperands = [signed(B, 4, 3), signed(3, 8), signed(2, 8), signed(8)];

/** The layer's definition, step by step, differentiated by tfjs: an oracle for the hand-written gradient. */
function plainLstm([x, kernel, recurrent, bias]: tf.Tensor[], returnSequences: boolean): tf.Tensor {
  const units = recurrent!.shape[0]!;
  let hidden: tf.Tensor = tf.zeros([x!.shape[0]!, units]);
  let cell: tf.Tensor = hidden;
  const states = tf.unstack(x!, 1).map((step) => {
    const sums = tf.add(
      tf.matMul(step as tf.Tensor2D, kernel as tf.Tensor2D),
      tf.matMul(hidden as tf.Tensor2D, recurrent as tf.Tensor2D),
    );
    const [input, forget, candidate, output] = tf.split(tf.add(sums, bias!), 4, 1) as tf.Tensor[];
    cell = tf.add(tf.mul(tf.sigmoid(forget!), cell), tf.mul(tf.sigmoid(input!), tf.tanh(candidate!)));
    hidden = tf.mul(tf.sigmoid(output!), tf.tanh(cell));
    return hidden;
  });
  return returnSequences ? tf.stack(states, 1) : hidden;
}

/** Operations that are small networks of their own: their definitions are the oracles. */
export const compositeCases: OpCase[] = [
  {
    name: 'ResizeNearestNeighbor',
    rows: ['ResizeNearestNeighbor'],
    operands: [signed(B, 3, 4, 2)],
    run: resized,
  },
  {
    name: 'ResizeNearestNeighborGrad',
    rows: ['ResizeNearestNeighborGrad'],
    operands: [signed(B, 3, 4, 2)],
    run: (x) => tf.grad((y: tf.Tensor) => tf.sum(tf.square(resized(y))))(x),
    // tfjs cpu 4.22 reads the gradient of every row after the first at the wrong place.
    eagerOracle: (x) => tf.mul(x, 2 * 4),
  },
  {
    name: 'FusedBatchNorm',
    rows: ['FusedBatchNorm'],
    operands: [signed(B, 2, 2, 3), signed(3), positive(3), signed(3), signed(3)],
    run: (x, mean, variance, offset, scale) =>
      tf.batchNorm(
        x as tf.Tensor4D,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        1e-3,
      ),
  },
  {
    name: 'Lstm',
    rows: ['Lstm'],
    operands: lstmOperands,
    run: (x, kernel, recurrent, bias) => lstm(x, kernel, recurrent, bias, { returnSequences: true }),
    eagerOracle: (...operands) => plainLstm(operands, true),
  },
  ...[true, false].flatMap((returnSequences) =>
    ['x', 'kernel', 'recurrent', 'bias'].map((which, index) => ({
      name: `LstmGrad ${which} of ${returnSequences ? 'all states' : 'the last state'}`,
      rows: ['LstmGrad'],
      operands: lstmOperands,
      run: (...operands: tf.Tensor[]) =>
        tf.grads((...all: tf.Tensor[]) =>
          tf.sum(tf.square(lstm(all[0]!, all[1]!, all[2]!, all[3]!, { returnSequences }))),
        )(operands)[index]!,
      eagerOracle: (...operands: tf.Tensor[]) =>
        tf.grads((...all: tf.Tensor[]) => tf.sum(tf.square(plainLstm(all, returnSequences))))(operands)[
          index
        ]!,
      trainingOnly: true,
    })),
  ),
  {
    name: 'SeededUniform',
    rows: ['SeededUniform'],
    operands: [signed(B, 3), { shape: [], dtype: 'int32', draw: { below: 1000 } }],
    run: (x, seed) => tf.add(x, seededUniform(x.shape, seed, 1)),
    trainingOnly: true,
  },
  {
    name: 'SeededMask',
    rows: ['SeededMask'],
    operands: [signed(B, 3), { shape: [], dtype: 'int32', draw: { below: 1000 } }],
    run: (x, seed) => tf.mul(x, seededMask(x.shape, 0.3, seed, 1)),
    trainingOnly: true,
  },
];
