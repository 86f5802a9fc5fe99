export * from './features.ts';
export * from './input-sanitizer.ts';
export * from './iterations.ts';
export * from './one-hot.ts';
export * from './track-network.ts';
export * from './track-exports.ts';
export * from './track-program.ts';
export * from './track-scorer.ts';
