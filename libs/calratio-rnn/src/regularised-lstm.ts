import { lstm } from '@hep/nn';
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
