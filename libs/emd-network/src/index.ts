export * from './decoded-modules.ts';
export * from './distances.ts';
export * from './network-size.ts';
export * from './pairs.ts';
export * from './read-network.ts';
export * from './score.ts';
export * from './training.ts';
export * from './write-network.ts';
