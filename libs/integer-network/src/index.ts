export * from './integer-network.ts';
