export * from './config.ts';
export * from './keras.ts';
export * from './notation.ts';
export * from './quantiser.ts';
