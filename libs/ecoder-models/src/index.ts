export * from './autoencoder.ts';
export * from './dense-cnn.ts';
export * from './mask-layer.ts';
export * from './separable-cnn.ts';
