/** The networks that the benchmark trains (specification of the benchmark, section 5.5), and ours. */
import type { TrainOptions } from '../options.ts';

/** How one of the networks is trained. */
export interface Recipe {
  readonly label: string;
  /** Name of the network in the zoo. */
  readonly model: string;
  readonly options: Partial<TrainOptions>;
  /** Whether its latent vector has bits, so that it is trained for every number of eLinks. */
  readonly isQuantised: boolean;
}

const quantised = (label: string, model: string, options: Partial<TrainOptions>): Recipe => ({
  label,
  model,
  options,
  isQuantised: true,
});

/** By the name on the command line. */
export const recipes = {
  'float-tele': {
    label: 'autoencoder, float, telescope',
    model: '8x8_c8_S2_tele',
    options: {},
    isQuantised: false,
  },
  'qk-5b-wmse': quantised('autoencoder 5b, weighted MSE', '8x8_c8_S2_qK', { quantisation: 'ecoder' }),
  'qk-5b-tele': quantised('autoencoder 5b, telescope', '8x8_c8_S2_tele_qK', { quantisation: 'ecoder' }),
  'qk-6b-tele': quantised('autoencoder 6b, telescope', '8x8_c8_S2_tele_qK', { quantisation: 'asic' }),
  'qk-6b-emd': quantised('autoencoder 6b, EMD network', '8x8_c8_S2_tele_qK', {
    quantisation: 'asic',
    loss: 'emd',
  }),
  'qk-6b-exact': quantised('autoencoder 6b, exact EMD', '8x8_c8_S2_exact_qK', { quantisation: 'asic' }),
} as const satisfies Record<string, Recipe>;

/** Name of a recipe. */
export type RecipeName = keyof typeof recipes;

/** All of them. */
export const recipeNames = Object.keys(recipes) as RecipeName[];
