export * from './trainer.ts';
export type { Program } from './program.ts';
export { createOnnxTrainer } from './onnx-trainer.ts';
export { resolveDevice } from './devices.ts';
export type { DeviceOptions } from './devices.ts';
export { CompiledFunction, OnnxRunner } from './compiled-function.ts';
export type { FunctionInput, TensorFunction } from './compiled-function.ts';
export { createEagerTrainer } from './eager-trainer.ts';
export type { EagerOptions } from './eager-trainer.ts';
