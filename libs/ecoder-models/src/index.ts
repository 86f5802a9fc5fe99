export * from './autoencoder.ts';
export * from './dense-cnn.ts';
export * from './losses.ts';
export * from './mask-layer.ts';
export * from './presets.ts';
export * from './quantisation.ts';
export * from './separable-cnn.ts';
export * from './zoo.ts';
