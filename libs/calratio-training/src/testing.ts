export * from './testing/toy-predictions.ts';
