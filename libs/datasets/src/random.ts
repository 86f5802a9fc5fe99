export * from './random/generator.ts';
