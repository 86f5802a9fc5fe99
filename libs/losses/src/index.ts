export * from './telescope.ts';
export * from './weighted-mse.ts';
