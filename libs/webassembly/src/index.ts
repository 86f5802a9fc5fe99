export * from './instructions.ts';
export * from './instance.ts';
export * from './module.ts';
export { unsigned } from './numbers.ts';
