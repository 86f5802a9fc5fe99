export * from './read-network.ts';
export * from './write-network.ts';
