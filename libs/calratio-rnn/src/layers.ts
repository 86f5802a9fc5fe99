/** Layers of the network that the shared layer library does not have. */
import { tf } from '@hep/graph';
import { kerasLayer, lstm, onlyShape } from '@hep/nn';
import type { Layer, LstmOptions, Regulariser } from '@hep/nn';

/** An LSTM whose input kernel is regularised. */
export function regularisedLstm(options: LstmOptions, regulariser: Regulariser): Layer {
  const layer = lstm(options);
  return {
    ...layer,
    parameters: (inputShapes) =>
      layer.parameters(inputShapes).map((spec) => (spec.name === 'kernel' ? { ...spec, regulariser } : spec)),
    kerasConfig: () => {
      const { className, config } = layer.kerasConfig();
      return { className, config: { ...config, kernel_regularizer: regulariser.keras } };
    },
  };
}

/** Mean over time: [B, T, F] -> [B, F]. */
export function globalAveragePooling1d(options: { readonly name: string }): Layer {
  const { name } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => [onlyShape(name, inputShapes, 2)[1]],
    apply: (_, [x]) => tf.mean(x, 1),
    kerasConfig: () =>
      kerasLayer('GlobalAveragePooling1D', name, { data_format: 'channels_last', keepdims: false }),
  };
}
