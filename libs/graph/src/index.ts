export { tf, layerScope } from './tfjs.ts';
export * from './random/random.ts';
export * from './ops.ts';
export { lstm } from './lstm.ts';
export * from './ir.ts';
export { trace } from './trace.ts';
export type { Signature, StepFunction, Tensors } from './trace.ts';
export { freeze } from './freeze.ts';
export { flopsByLayer } from './flops.ts';
export { optimise } from './passes/optimise.ts';
export { fuseBias } from './passes/fuse-bias.ts';
export { lowerToProducts } from './passes/lower.ts';
export { emitOnnx, stepNames } from './onnx/emit.ts';
export type { OnnxModel, OnnxNames, RandomInput } from './onnx/emit.ts';
export { emitGraphDef } from './graphdef/emit.ts';
export type { GraphDefModel, GraphDefOptions } from './graphdef/emit.ts';
export { readGraphDef } from './graphdef/read/read.ts';
export type { GraphDefFunction, Placeholder, PlaceholderDim } from './graphdef/read/read.ts';
export { GraphDefError } from './graphdef/read/errors.ts';
export {
  CARRIED,
  EXCHANGE,
  partition,
  partitionAlone,
  REDUCED,
  withoutReductions,
} from './passes/partition.ts';
export type { HostCall, Segment, Stretch, UpdateShare } from './passes/partition.ts';
export { divideUpdate } from './passes/divide-update.ts';
