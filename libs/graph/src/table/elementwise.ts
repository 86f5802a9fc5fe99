/** Operations that act on each element: arithmetic, comparisons, activations, casts. */
import type { ConcreteType, DType } from '../ir.ts';
import { elementCount } from '../ir.ts';
import type { GraphDefEmitter, NodeView, OnnxEmitter, OpRow, TensorFlowAttribute } from './row.ts';
import { broadcastShape } from './row.ts';

type OnnxRule = (node: NodeView, emit: OnnxEmitter) => string;
type GraphDefRule = (node: NodeView, emit: GraphDefEmitter) => string;

const onnxNode =
  (op: string): OnnxRule =>
  (node, emit) =>
    emit.node(op, node.inputs);

const tensorflowNode =
  (op: string, key = 'T'): GraphDefRule =>
  (node, emit) =>
    emit.node(op, node.inputs, { [key]: { type: node.inputTypes[0]!.dtype } });

function binary(onnx: OnnxRule, graphDef: GraphDefRule, result?: DType): OpRow {
  return {
    record(inputs) {
      const { a, b } = inputs as { a: ConcreteType; b: ConcreteType };
      const dtype = result ?? (a.dtype === 'float32' || b.dtype === 'float32' ? 'float32' : 'int32');
      return {
        inputs: ['a', 'b'],
        attributes: {},
        outputs: [{ shape: broadcastShape(a.shape, b.shape), dtype }],
      };
    },
    onnx,
    graphDef,
  };
}

/** Attributes that an elementwise operation keeps, with the defaults of its kernel. */
function unary(
  onnx: OnnxRule,
  graphDef: GraphDefRule,
  keep: Record<string, number> = {},
  result?: DType,
): OpRow {
  return {
    record(inputs, attributes) {
      const x = inputs['x']!;
      const kept = Object.fromEntries(
        Object.entries(keep).map(([key, fallback]) => [
          key,
          (attributes[key] as number | undefined) ?? fallback,
        ]),
      );
      return { inputs: ['x'], attributes: kept, outputs: [{ shape: x.shape, dtype: result ?? x.dtype }] };
    },
    onnx,
    graphDef,
  };
}

const float = (value: number): TensorFlowAttribute => ({ float: value });

/** log(1 + x) without the cancellation of forming 1 + x (W. Kahan). */
const onnxLog1p: OnnxRule = ({ inputs: [x] }, emit) => {
  const one = emit.float(1);
  const sum = emit.node('Add', [x!, one]);
  const lost = emit.node('Sub', [emit.node('Sub', [sum, one]), x!]);
  return emit.node('Sub', [emit.node('Log', [sum]), emit.node('Div', [lost, sum])]);
};

/** exp(x) - 1: through tanh(x / 2) near zero, directly elsewhere. */
const onnxExpm1: OnnxRule = ({ inputs: [x] }, emit) => {
  const one = emit.float(1);
  const near = emit.node('Less', [emit.node('Abs', [x!]), one]);
  const half = emit.node('Where', [near, emit.node('Mul', [x!, emit.float(0.5)]), emit.float(0)]);
  const tanh = emit.node('Tanh', [half]);
  const small = emit.node('Div', [emit.node('Add', [tanh, tanh]), emit.node('Sub', [one, tanh])]);
  return emit.node('Where', [near, small, emit.node('Sub', [emit.node('Exp', [x!]), one])]);
};

/** Steepest slope of float32: with it every positive normal number reaches 1. */
const STEEPEST = 3.4e38;

/** A single pass over memory where the other side is zero. */
const onnxStep: OnnxRule = ({ inputs: [x], attributes }, emit) => {
  const alpha = attributes['alpha'] as number;
  if (alpha === 0) return emit.node('HardSigmoid', [x!], { alpha: { float: STEEPEST }, beta: { float: 0 } });
  const positive = emit.node('Greater', [x!, emit.float(0)]);
  return emit.node('Where', [positive, emit.float(1), emit.float(alpha)]);
};

const tensorflowStep: GraphDefRule = ({ inputs: [x], attributes, outputTypes }, emit) => {
  const zero = emit.constant(Float32Array.of(0), []);
  const positive = emit.node('Greater', [x!, zero], { T: { type: 'float32' } });
  const ones = emit.node('OnesLike', [x!], { T: { type: outputTypes[0]!.dtype } });
  const alpha = emit.constant(Float32Array.of(attributes['alpha'] as number), []);
  const other = emit.node('Mul', [ones, alpha], { T: { type: 'float32' } });
  return emit.node('SelectV2', [positive, ones, other], { T: { type: 'float32' } });
};

/** max(0, log(1 + exp(x))) written so that neither end overflows. */
const onnxSoftplus: OnnxRule = ({ inputs: [x] }, emit) => {
  const decay = emit.node('Exp', [emit.node('Neg', [emit.node('Abs', [x!])])]);
  const tail = emit.node('Log', [emit.node('Add', [decay, emit.float(1)])]);
  return emit.node('Add', [emit.node('Relu', [x!]), tail]);
};

const clip =
  (low: (node: NodeView) => number, high: (node: NodeView) => number): OnnxRule =>
  (node, emit) =>
    emit.node('Clip', [node.inputs[0]!, emit.float(low(node)), emit.float(high(node))]);

const lowest = (node: NodeView) => node.attributes['clipValueMin'] as number;
const highest = (node: NodeView) => node.attributes['clipValueMax'] as number;

const select: OpRow = {
  record(inputs) {
    const { condition, t, e } = inputs as Record<'condition' | 't' | 'e', ConcreteType>;
    const shape = broadcastShape(broadcastShape(condition.shape, t.shape), e.shape);
    return { inputs: ['condition', 't', 'e'], attributes: {}, outputs: [{ shape, dtype: t.dtype }] };
  },
  onnx: onnxNode('Where'),
  graphDef: (node, emit) => emit.node('SelectV2', node.inputs, { T: { type: node.outputTypes[0]!.dtype } }),
};

/** TensorProto.DataType of ONNX. */
export const onnxType: Record<DType, number> = { float32: 1, int32: 6, bool: 9 };

const cast: OpRow = {
  record(inputs, attributes) {
    const x = inputs['x']!;
    const dtype = attributes['dtype'] as DType;
    if (!(dtype in onnxType)) throw new Error(`cannot cast to ${dtype}`);
    if (dtype === x.dtype) return { alias: 'x', type: x };
    return { inputs: ['x'], attributes: {}, outputs: [{ shape: x.shape, dtype }] };
  },
  onnx: (node, emit) => emit.node('Cast', node.inputs, { to: onnxType[node.outputTypes[0]!.dtype] }),
  graphDef: (node, emit) =>
    emit.node('Cast', node.inputs, {
      SrcT: { type: node.inputTypes[0]!.dtype },
      DstT: { type: node.outputTypes[0]!.dtype },
    }),
};

const addMany: OpRow = {
  record(inputs) {
    const names = Object.keys(inputs);
    return { inputs: names, attributes: {}, outputs: [inputs[names[0]!]!] };
  },
  onnx: (node, emit) => node.inputs.reduce((sum, term) => emit.node('Add', [sum, term])),
  graphDef: (node, emit) =>
    emit.node('AddN', node.inputs, {
      T: { type: node.inputTypes[0]!.dtype },
      N: { int: node.inputs.length },
    }),
};

/** Bias additions and nothing else: TensorFlow's profiler counts one operation for each output of BiasAdd. */
const add: OpRow = {
  ...binary(onnxNode('Add'), tensorflowNode('AddV2')),
  flops(node) {
    const isBias = node.inputTypes[1]!.shape.length === 1 && node.inputTypes[0]!.shape.length > 1;
    return isBias ? elementCount(node.outputTypes[0]!) : 0;
  },
};

/** Operations that treat each element by itself. */
export const elementwiseRows: readonly (readonly [string, OpRow])[] = [
  ['Add', add],
  ['Sub', binary(onnxNode('Sub'), tensorflowNode('Sub'))],
  ['Multiply', binary(onnxNode('Mul'), tensorflowNode('Mul'))],
  ['RealDiv', binary(onnxNode('Div'), tensorflowNode('RealDiv'))],
  ['Maximum', binary(onnxNode('Max'), tensorflowNode('Maximum'))],
  ['Minimum', binary(onnxNode('Min'), tensorflowNode('Minimum'))],
  ['Pow', binary(onnxNode('Pow'), tensorflowNode('Pow'))],
  [
    'SquaredDifference',
    binary((node, emit) => {
      const difference = emit.node('Sub', node.inputs);
      return emit.node('Mul', [difference, difference]);
    }, tensorflowNode('SquaredDifference')),
  ],
  ['AddN', addMany],
  ['Equal', binary(onnxNode('Equal'), tensorflowNode('Equal'), 'bool')],
  [
    'NotEqual',
    binary(
      (node, emit) => emit.node('Not', [emit.node('Equal', node.inputs)]),
      tensorflowNode('NotEqual'),
      'bool',
    ),
  ],
  ['Greater', binary(onnxNode('Greater'), tensorflowNode('Greater'), 'bool')],
  ['GreaterEqual', binary(onnxNode('GreaterOrEqual'), tensorflowNode('GreaterEqual'), 'bool')],
  ['Less', binary(onnxNode('Less'), tensorflowNode('Less'), 'bool')],
  ['LessEqual', binary(onnxNode('LessOrEqual'), tensorflowNode('LessEqual'), 'bool')],
  ['LogicalAnd', binary(onnxNode('And'), (node, emit) => emit.node('LogicalAnd', node.inputs, {}), 'bool')],
  ['LogicalOr', binary(onnxNode('Or'), (node, emit) => emit.node('LogicalOr', node.inputs, {}), 'bool')],
  ['LogicalNot', unary(onnxNode('Not'), (node, emit) => emit.node('LogicalNot', node.inputs, {}))],
  ['Select', select],
  ['Cast', cast],
  ['Neg', unary(onnxNode('Neg'), tensorflowNode('Neg'))],
  ['Abs', unary(onnxNode('Abs'), tensorflowNode('Abs'))],
  ['Sign', unary(onnxNode('Sign'), tensorflowNode('Sign'))],
  ['Floor', unary(onnxNode('Floor'), tensorflowNode('Floor'))],
  ['Ceil', unary(onnxNode('Ceil'), tensorflowNode('Ceil'))],
  ['Round', unary(onnxNode('Round'), tensorflowNode('Round'))],
  ['Exp', unary(onnxNode('Exp'), tensorflowNode('Exp'))],
  ['Expm1', unary(onnxExpm1, tensorflowNode('Expm1'))],
  ['Log', unary(onnxNode('Log'), tensorflowNode('Log'))],
  ['Log1p', unary(onnxLog1p, tensorflowNode('Log1p'))],
  ['Sqrt', unary(onnxNode('Sqrt'), tensorflowNode('Sqrt'))],
  [
    'Rsqrt',
    unary((node, emit) => emit.node('Reciprocal', [emit.node('Sqrt', node.inputs)]), tensorflowNode('Rsqrt')),
  ],
  ['Reciprocal', unary(onnxNode('Reciprocal'), tensorflowNode('Reciprocal'))],
  ['Square', unary(({ inputs: [x] }, emit) => emit.node('Mul', [x!, x!]), tensorflowNode('Square'))],
  ['Sin', unary(onnxNode('Sin'), tensorflowNode('Sin'))],
  ['Cos', unary(onnxNode('Cos'), tensorflowNode('Cos'))],
  ['Erf', unary(onnxNode('Erf'), tensorflowNode('Erf'))],
  ['IsNan', unary(onnxNode('IsNaN'), tensorflowNode('IsNan'), {}, 'bool')],
  ['Tanh', unary(onnxNode('Tanh'), tensorflowNode('Tanh'))],
  ['Sigmoid', unary(onnxNode('Sigmoid'), tensorflowNode('Sigmoid'))],
  ['Softplus', unary(onnxSoftplus, tensorflowNode('Softplus'))],
  ['Relu', unary(onnxNode('Relu'), tensorflowNode('Relu'))],
  [
    'Relu6',
    unary(
      clip(
        () => 0,
        () => 6,
      ),
      tensorflowNode('Relu6'),
    ),
  ],
  ['Elu', unary(onnxNode('Elu'), tensorflowNode('Elu'))],
  [
    'LeakyRelu',
    unary(
      (node, emit) =>
        emit.node('LeakyRelu', node.inputs, { alpha: { float: node.attributes['alpha'] as number } }),
      (node, emit) =>
        emit.node('LeakyRelu', node.inputs, {
          T: { type: 'float32' },
          alpha: float(node.attributes['alpha'] as number),
        }),
      { alpha: 0.2 },
    ),
  ],
  ['Step', unary(onnxStep, tensorflowStep, { alpha: 0 }, 'float32')],
  [
    'ClipByValue',
    unary(
      clip(lowest, highest),
      (node, emit) =>
        emit.node(
          'ClipByValue',
          [
            node.inputs[0]!,
            emit.constant(Float32Array.of(lowest(node)), []),
            emit.constant(Float32Array.of(highest(node)), []),
          ],
          { T: { type: 'float32' } },
        ),
      { clipValueMin: 0, clipValueMax: 0 },
    ),
  ],
];

/** Operations each element of whose result depends on the same element of its operands alone, unless these are broadcast. */
export const elementwiseOps: ReadonlySet<string> = new Set(elementwiseRows.map(([op]) => op));
