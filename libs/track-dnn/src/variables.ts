export * from './features.ts';
export * from './feature-extremes.ts';
export * from './iterations.ts';
