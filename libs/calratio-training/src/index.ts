export * from './control-pairing.ts';
export * from './split.ts';
