export * from './emd-loss.ts';
export * from './emd-network.ts';
export * from './energy-distance.ts';
export * from './exact-emd.ts';
export type { TrainedEmdNetwork } from './frozen-emd-network.ts';
export * from './keras-losses.ts';
export * from './maximum-mse.ts';
export * from './telescope.ts';
export * from './weighted-mse.ts';
