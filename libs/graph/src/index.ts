export { tf, layerScope } from './tfjs.ts';
export * from './random.ts';
export * from './ops.ts';
