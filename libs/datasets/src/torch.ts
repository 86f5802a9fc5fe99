export { readTorchTensors } from './torch/torch-file.ts';
export type { TorchTensor } from './torch/storages.ts';
