export * from './counter-based.ts';
export * from './mask-memory.ts';
