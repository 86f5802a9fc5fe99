/** What is trained in a comparison of quality: the reference's recipes in QKeras, and ours in the program. */

/** A training of the Ecoder study: its network, optimiser and stopping rule are in peers/qkeras_autoencoder.py. */
export interface PeerRecipe {
  readonly side: 'QKeras';
  readonly name: string;
  readonly loss: 'telescope' | 'weighted-mse' | 'emd';
}

/** A training with `ecoder-trainer train`. */
export interface OwnRecipe {
  readonly side: 'ours';
  readonly name: string;
  readonly model: string;
  readonly loss: 'telescope' | 'emd' | 'exact-emd';
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

export type Recipe = PeerRecipe | OwnRecipe;

/** Whether a recipe needs the file of an EMD network. */
export const needsEmdNetwork = ({ loss }: Recipe): boolean => loss === 'emd';

const cosine = { side: 'ours', batchSize: 128, learningRate: 0.01 } as const;

/** The recipes in the order of the table. All have 5-bit weights and 9-bit latent vectors: 5 eLinks. */
export const recipes: readonly Recipe[] = [
  { side: 'QKeras', name: 'weighted MSE', loss: 'weighted-mse' },
  { side: 'QKeras', name: 'telescope', loss: 'telescope' },
  { side: 'QKeras', name: 'EMD network', loss: 'emd' },
  {
    ...cosine,
    name: 'telescope',
    model: '8x8_c8_S2_qK_RTL_tele',
    loss: 'telescope',
    epochs: 120,
    learningRate: 0.003,
  },
  { ...cosine, name: 'EMD network', model: '8x8_c8_S2_qK_RTL_tele', loss: 'emd', epochs: 40 },
  { ...cosine, name: 'exact EMD', model: '8x8_c8_S2_qK_RTL_tele', loss: 'exact-emd', epochs: 80 },
  {
    ...cosine,
    name: 'exact EMD, dense decoder',
    model: '8x8_c8_S2_exact_dense_qK',
    loss: 'exact-emd',
    epochs: 80,
  },
];
