export { createEmdSolver, EMPTY_FIRST, EMPTY_SECOND } from './emd.ts';
export type { EmdOptions, EmdSolver } from './emd.ts';
export * from './transport.ts';
export * from './emd-pool.ts';
export type { Charges } from './shares.ts';
