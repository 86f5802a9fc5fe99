/**
 * One or more cases for each row of the op table, as tfjs users write them. Tests compare tfjs `cpu`,
 * the symbolic shape and ONNX Runtime on them; the interop check adds TensorFlow.
 */
import { lstm, seededMask, seededUniform } from '../index.ts';
import { tf } from '../tfjs.ts';
import type { DType } from '../ir.ts';

/** How an operand's numbers are drawn. */
export type Draw = 'signed' | 'positive' | 'unit' | 'ties' | { readonly below: number };

export interface CaseOperand {
  /** The first dimension -1 stands for the batch. */
  readonly shape: readonly number[];
  readonly dtype?: DType;
  readonly draw?: Draw;
}

export interface OpCase {
  readonly name: string;
  /** Rows of the op table that the case is there for. */
  readonly rows: readonly string[];
  readonly operands: readonly CaseOperand[];
  readonly run: (...operands: tf.Tensor[]) => tf.Tensor;
  /** Absolute and relative tolerance; default 1e-5. */
  readonly tolerance?: number;
  /** Stands in for `run` on tfjs `cpu` where its kernel is wrong. */
  readonly eagerOracle?: (...operands: tf.Tensor[]) => tf.Tensor;
  /** Set when the case needs operations that exist only for training, which no GraphDef carries. */
  readonly trainingOnly?: boolean;
}

const B = -1;
const signed = (...shape: number[]): CaseOperand => ({ shape });
const positive = (...shape: number[]): CaseOperand => ({ shape, draw: 'positive' });
const ties = (...shape: number[]): CaseOperand => ({ shape, draw: 'ties' });

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const asFloat = (x: tf.Tensor) => tf.cast(x, 'float32');

const unaryCases: OpCase[] = (
  [
    ['Neg', tf.neg, signed],
    ['Abs', tf.abs, signed],
    ['Sign', tf.sign, ties],
    ['Floor', tf.floor, signed],
    ['Ceil', tf.ceil, signed],
    ['Round', tf.round, ties],
    ['Exp', tf.exp, signed],
    ['Expm1', tf.expm1, signed],
    ['Log', tf.log, positive],
    ['Log1p', tf.log1p, positive],
    ['Sqrt', tf.sqrt, positive],
    ['Rsqrt', tf.rsqrt, positive],
    ['Reciprocal', tf.reciprocal, positive],
    ['Square', tf.square, signed],
    ['Sin', tf.sin, signed],
    ['Cos', tf.cos, signed],
    ['Erf', tf.erf, signed],
    ['Tanh', tf.tanh, signed],
    ['Sigmoid', tf.sigmoid, signed],
    ['Softplus', tf.softplus, signed],
    ['Relu', tf.relu, ties],
    ['Relu6', tf.relu6, ties],
    ['Elu', tf.elu, signed],
    ['LeakyRelu', (x: tf.Tensor) => tf.leakyRelu(x, 0.3), ties],
    ['Step', (x: tf.Tensor) => tf.step(x, 0.25), ties],
    ['Softmax', (x: tf.Tensor) => tf.softmax(x), signed],
    ['LogSoftmax', (x: tf.Tensor) => tf.logSoftmax(x), signed],
    ['ClipByValue', (x: tf.Tensor) => tf.clipByValue(x, -0.5, 0.75), ties],
    ['IsNan', (x: tf.Tensor) => asFloat(tf.isNaN(tf.sqrt(x))), signed],
    ['ZerosLike', (x: tf.Tensor) => tf.add(tf.zerosLike(x), tf.onesLike(x)), signed],
  ] as [string, Unary, (...shape: number[]) => CaseOperand][]
).map(([row, run, operand]) => ({ name: row, rows: [row], operands: [operand(B, 3, 5)], run }));

const binaryCases: OpCase[] = (
  [
    ['Add', tf.add, signed],
    ['Sub', tf.sub, signed],
    ['Multiply', tf.mul, signed],
    ['RealDiv', tf.div, positive],
    ['Maximum', tf.maximum, ties],
    ['Minimum', tf.minimum, ties],
    ['SquaredDifference', tf.squaredDifference, signed],
    ['Pow', tf.pow, positive],
    ['Equal', (a, b) => asFloat(tf.equal(a, b)), ties],
    ['NotEqual', (a, b) => asFloat(tf.notEqual(a, b)), ties],
    ['Greater', (a, b) => asFloat(tf.greater(a, b)), ties],
    ['GreaterEqual', (a, b) => asFloat(tf.greaterEqual(a, b)), ties],
    ['Less', (a, b) => asFloat(tf.less(a, b)), ties],
    ['LessEqual', (a, b) => asFloat(tf.lessEqual(a, b)), ties],
    ['LogicalAnd', (a, b) => asFloat(tf.logicalAnd(tf.greater(a, 0), tf.logicalNot(tf.greater(b, 0)))), ties],
    ['LogicalOr', (a, b) => asFloat(tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0))), ties],
  ] as [string, Binary, (...shape: number[]) => CaseOperand][]
).flatMap(([row, run, operand]) => [
  { name: row, rows: [row], operands: [operand(B, 4), operand(B, 4)], run },
  { name: `${row} broadcast`, rows: [row], operands: [operand(B, 2, 4), operand(2, 1)], run },
]);

const reductionCases: OpCase[] = (
  [
    ['Sum', (x, axis, keep) => tf.sum(x, axis, keep)],
    ['Mean', (x, axis, keep) => tf.mean(x, axis, keep)],
    ['Max', (x, axis, keep) => tf.max(x, axis, keep)],
    ['Min', (x, axis, keep) => tf.min(x, axis, keep)],
    ['Prod', (x, axis, keep) => tf.prod(x, axis, keep)],
    ['All', (x, axis, keep) => asFloat(tf.all(tf.greater(x, -1), axis, keep))],
    ['Any', (x, axis, keep) => asFloat(tf.any(tf.greater(x, 1), axis, keep))],
  ] as [string, (x: tf.Tensor, axis: number[], keep: boolean) => tf.Tensor][]
).flatMap(([row, run]) => [
  {
    name: `${row} rows`,
    rows: [row],
    operands: [signed(B, 3, 4)],
    run: (x: tf.Tensor) => run(x, [1, 2], false),
  },
  { name: `${row} kept`, rows: [row], operands: [signed(B, 3, 4)], run: (x: tf.Tensor) => run(x, [1], true) },
  { name: `${row} batch`, rows: [row], operands: [signed(B, 3)], run: (x: tf.Tensor) => run(x, [0], false) },
]);

const rankCases: OpCase[] = [
  { name: 'ArgMax', rows: ['ArgMax'], operands: [signed(B, 5)], run: (x) => asFloat(tf.argMax(x, 1)) },
  { name: 'ArgMin', rows: ['ArgMin'], operands: [signed(B, 5)], run: (x) => asFloat(tf.argMin(x, -1)) },
  { name: 'Cumsum', rows: ['Cumsum'], operands: [signed(B, 5)], run: (x) => tf.cumsum(x, 1, true, false) },
  {
    name: 'logSumExp',
    rows: ['Exp', 'Log', 'Max'],
    operands: [signed(B, 5)],
    run: (x) => tf.logSumExp(x, 1),
  },
  {
    name: 'mean of everything scales with the batch',
    rows: ['BatchScalar'],
    operands: [signed(B, 3)],
    run: (x) => tf.grad((y: tf.Tensor) => tf.mean(tf.square(y)))(x),
  },
];

const arrangementCases: OpCase[] = [
  { name: 'Reshape', rows: ['Reshape'], operands: [signed(B, 6)], run: (x) => tf.reshape(x, [-1, 2, 3]) },
  { name: 'ExpandDims', rows: ['ExpandDims'], operands: [signed(B, 6)], run: (x) => tf.expandDims(x, 1) },
  {
    name: 'Reshape moves the batch',
    rows: ['Reshape'],
    operands: [signed(B, 6)],
    run: (x) => tf.sum(tf.reshape(x, [x.shape[0]! * 2, 3]), 1),
  },
  {
    name: 'Transpose',
    rows: ['Transpose'],
    operands: [signed(B, 2, 3)],
    run: (x) => tf.transpose(x, [2, 0, 1]),
  },
  {
    name: 'Concat',
    rows: ['Concat'],
    operands: [signed(B, 2), signed(B, 3)],
    run: (a, b) => tf.concat([a, b, a], 1),
  },
  {
    name: 'Pack',
    rows: ['Pack'],
    operands: [signed(B, 2), signed(B, 2)],
    run: (a, b) => tf.stack([a, b], 1),
  },
  {
    name: 'Unpack',
    rows: ['Unpack'],
    operands: [signed(B, 3, 2)],
    run: (x) => {
      const [first, , third] = tf.unstack(x, 1);
      return tf.sub(first!, third!);
    },
  },
  {
    name: 'SplitV',
    rows: ['SplitV'],
    operands: [signed(B, 7)],
    run: (x) => {
      const [first, , third] = tf.split(x, [2, 3, 2], 1);
      return tf.mul(first!, third!);
    },
  },
  { name: 'Slice', rows: ['Slice'], operands: [signed(B, 7)], run: (x) => tf.slice(x, [0, 2], [-1, 3]) },
  {
    name: 'StridedSlice',
    rows: ['StridedSlice'],
    operands: [signed(B, 7, 4)],
    run: (x) => tf.stridedSlice(x, [0, 1, 0], [x.shape[0]!, 7, 4], [1, 3, 2]),
  },
  {
    name: 'StridedSlice backwards',
    rows: ['StridedSlice'],
    operands: [signed(B, 7)],
    run: (x) => tf.stridedSlice(x, [0, 5], [x.shape[0]!, 1], [1, -2]),
  },
  {
    name: 'PadV2',
    rows: ['PadV2'],
    operands: [signed(B, 3)],
    run: (x) =>
      tf.pad(
        x,
        [
          [0, 0],
          [1, 2],
        ],
        0.5,
      ),
  },
  { name: 'Tile', rows: ['Tile'], operands: [signed(B, 1, 3)], run: (x) => tf.tile(x, [1, 4, 2]) },
  { name: 'Reverse', rows: ['Reverse'], operands: [signed(B, 3, 4)], run: (x) => tf.reverse(x, [1, 2]) },
  {
    name: 'GatherV2',
    rows: ['GatherV2'],
    operands: [signed(B, 6)],
    run: (x) => tf.gather(x, tf.tensor1d([5, 0, 0, 3], 'int32'), 1),
  },
  {
    name: 'UnsortedSegmentSum',
    rows: ['UnsortedSegmentSum'],
    operands: [signed(B, 6)],
    run: (x) =>
      tf.grad((y: tf.Tensor) => tf.sum(tf.square(tf.gather(y, tf.tensor1d([5, 0, 0, 3], 'int32'), 1))))(x),
  },
  {
    name: 'OneHot',
    rows: ['OneHot'],
    operands: [{ shape: [B], dtype: 'int32', draw: { below: 6 } }],
    run: (x) => tf.oneHot(x as tf.Tensor1D, 5, 2, -1, 'float32'),
  },
  {
    name: 'Select',
    rows: ['Select'],
    operands: [ties(B, 4), signed(B, 4), signed(B, 4)],
    run: (c, a, b) => tf.where(tf.greater(c, 0), a, b),
  },
  { name: 'Cast', rows: ['Cast'], operands: [signed(B, 4)], run: (x) => asFloat(tf.cast(x, 'int32')) },
  {
    name: 'AddN',
    rows: ['AddN'],
    operands: [signed(B, 4), signed(B, 4), signed(B, 4)],
    run: (a, b, c) => tf.addN([a, b, c]),
  },
  {
    name: 'Fill and Const',
    rows: ['Fill', 'Const', 'OnesLike'],
    operands: [signed(B, 3)],
    run: (x) => tf.add(tf.mul(tf.fill(x.shape, 3), tf.tensor1d([1, 2, 4])), tf.onesLike(x)),
  },
];

/** tfjs-core's convolution gradients, as training uses them. */
const convolution = (strides: number, pad: 'same' | 'valid') => (x: tf.Tensor, filter: tf.Tensor) =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);

const convolutionCases: OpCase[] = ([1, 2] as const).flatMap((strides) =>
  (['same', 'valid'] as const).flatMap((pad) => {
    const operands = [signed(B, 8, 7, 3), signed(3, 3, 3, 4)];
    const run = convolution(strides, pad);
    const loss = (x: tf.Tensor, filter: tf.Tensor) => tf.sum(tf.square(run(x, filter)));
    const label = `stride ${strides} ${pad}`;
    return [
      { name: `Conv2D ${label}`, rows: ['Conv2D'], operands, run },
      {
        name: `Conv2DBackpropInput ${label}`,
        rows: ['Conv2DBackpropInput'],
        operands,
        run: (x: tf.Tensor, filter: tf.Tensor) => tf.grad((y: tf.Tensor) => loss(y, filter))(x),
        tolerance: 1e-4,
      },
      {
        name: `Conv2DBackpropFilter ${label}`,
        rows: ['Conv2DBackpropFilter'],
        operands,
        run: (x: tf.Tensor, filter: tf.Tensor) => tf.grad((w: tf.Tensor) => loss(x, w))(filter),
        tolerance: 1e-4,
        trainingOnly: true,
      },
    ];
  }),
);

const contractionCases: OpCase[] = [
  {
    name: 'MatMul',
    rows: ['BatchMatMul'],
    operands: [signed(B, 4), signed(4, 3)],
    run: (a, b) => tf.matMul(a, b),
  },
  {
    name: 'MatMul transposed',
    rows: ['BatchMatMul'],
    operands: [signed(B, 4), signed(3, 4)],
    run: (a, b) => tf.matMul(a, b, false, true),
  },
  {
    name: 'MatMul over the batch',
    rows: ['BatchMatMul'],
    operands: [signed(B, 4), signed(B, 3)],
    run: (a, b) => tf.matMul(a, b, true, false),
  },
  {
    name: 'BatchMatMul',
    rows: ['BatchMatMul'],
    operands: [signed(B, 2, 4), signed(B, 3, 4)],
    run: (a, b) => tf.matMul(a, b, false, true),
  },
  ...convolutionCases,
  {
    name: 'dense layer with bias',
    rows: ['MatMulBias'],
    operands: [signed(B, 4), signed(4, 3), signed(3)],
    run: (x, kernel, bias) => tf.add(tf.matMul(x, kernel), bias),
  },
  {
    name: 'sum of a product and a matrix',
    rows: ['MatMulBias'],
    operands: [signed(B, 4), signed(4, 3), signed(B, 3)],
    run: (x, kernel, other) => tf.add(other, tf.matMul(x, kernel)),
  },
  {
    name: 'convolution with bias',
    rows: ['Conv2DBias'],
    operands: [signed(B, 6, 6, 2), signed(3, 3, 2, 4), signed(4)],
    run: (x, filter, bias) => tf.add(convolution(2, 'same')(x, filter), bias),
  },
  {
    name: 'transposed convolution with bias',
    rows: ['Conv2DBackpropInputBias'],
    operands: [signed(B, 4, 4, 5), signed(3, 3, 2, 5), signed(2)],
    run: (x, filter, bias) =>
      tf.add(
        tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [x.shape[0]!, 8, 8, 2], 2, 'same'),
        bias,
      ),
  },
  {
    name: 'powers of two',
    rows: ['Pow'],
    operands: [{ shape: [B, 8], draw: 'ties' }],
    run: (x) => tf.pow(2, tf.mul(x, 6)),
    tolerance: 0,
  },
  {
    name: 'conv1d',
    rows: ['Conv2D'],
    operands: [signed(B, 9, 3), signed(1, 3, 5)],
    run: (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 1, 'valid'),
  },
  ...(['Conv2D', 'Conv2DBackpropFilter', 'Conv2DBackpropInput'] as const).map((row) => ({
    name: `${row} of one pixel`,
    rows: [row],
    operands: [signed(B, 5, 4, 3), signed(1, 1, 3, 6)],
    run: (x: tf.Tensor, filter: tf.Tensor) => {
      const convolve = convolution(1, 'same');
      if (row === 'Conv2D') return convolve(x, filter);
      const [dx, dFilter] = tf.grads((a, b) => tf.sum(tf.square(convolve(a, b))))([x, filter]);
      return row === 'Conv2DBackpropInput' ? dx! : dFilter!;
    },
    tolerance: 1e-4,
    trainingOnly: row === 'Conv2DBackpropFilter',
  })),
  {
    name: 'transposed convolution stride 2',
    rows: ['Conv2DBackpropInput'],
    operands: [signed(B, 4, 4, 5), signed(3, 3, 2, 5)],
    run: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [x.shape[0]!, 8, 8, 2], 2, 'same'),
  },
];

const pooled =
  (kind: 'max' | 'avg', size: number, strides: number, pad: 'same' | 'valid') => (x: tf.Tensor) =>
    (kind === 'max' ? tf.maxPool : tf.avgPool)(x as tf.Tensor4D, size, strides, pad);

/**
 * Average pooling as a quotient of two convolutions. Oracle for its gradient: tfjs cpu 4.22 divides by the
 * window's full size even where the window hangs over the border.
 */
const averageByConvolution = (size: number, strides: number, pad: 'same' | 'valid') => (x: tf.Tensor) => {
  const channels = x.shape[3]!;
  const sum = tf.tile(tf.reshape(tf.eye(channels), [1, 1, channels, channels]), [
    size,
    size,
    1,
    1,
  ]) as tf.Tensor4D;
  const convolve = (image: tf.Tensor) => tf.conv2d(image as tf.Tensor4D, sum, strides, pad);
  return tf.div(convolve(x), convolve(tf.onesLike(x)));
};

const poolingLoss = (pool: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) =>
  tf.grad((y: tf.Tensor) => {
    const window = pool(y);
    return tf.sum(tf.mul(window, tf.add(window, 1)));
  })(x);

const poolingCases: OpCase[] = (
  [
    [2, 2, 'same', 8],
    [2, 2, 'valid', 7],
    [3, 2, 'same', 7],
    [3, 1, 'valid', 5],
  ] as const
).flatMap(([size, strides, pad, side]) =>
  (['max', 'avg'] as const).flatMap((kind) => {
    const run = pooled(kind, size, strides, pad);
    const row = kind === 'max' ? 'MaxPool' : 'AvgPool';
    const label = `${size}x${size} stride ${strides} ${pad}`;
    return [
      { name: `${row} ${label}`, rows: [row], operands: [signed(B, side, side, 2)], run },
      {
        name: `${row}Grad ${label}`,
        rows: [`${row}Grad`],
        operands: [kind === 'max' ? ties(B, side, side, 2) : signed(B, side, side, 2)],
        run: poolingLoss(run),
        ...(kind === 'avg' ? { eagerOracle: poolingLoss(averageByConvolution(size, strides, pad)) } : {}),
      },
    ];
  }),
);

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

const compositeCases: OpCase[] = [
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
