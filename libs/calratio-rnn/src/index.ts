export * from './adversarial-step.ts';
export * from './calratio-network.ts';
export * from './calratio-program.ts';
export * from './config.ts';
export * from './exports.ts';
export * from './jet-inputs.ts';
export * from './labels.ts';
export * from './row-selection.ts';
