/** Options that say which network compresses. */
import { loadCodec } from '@hep/jet-compression';
import type { JetCodec } from '@hep/jet-compression';
import { option } from '@hep/options';
import { z } from 'zod';

/** Declarations of these options. */
export const modelOptions = {
  model: option({
    schema: z.string().min(1),
    describe: 'finished run directory, folder of exports, or published checkpoint (.pth, .npz, .json)',
    alias: 'm',
  }),
  shifts: option({
    schema: z.array(z.number()).length(2).optional(),
    describe:
      'shifts of m and pt in the normalisation of a .pth or .npz checkpoint, which does not tell them: 2,3 for that of leading jets; default 0,0',
  }),
  activation: option({
    schema: z.enum(['tanh', 'leaky-relu']).optional(),
    describe:
      'what stands between the layers of a checkpoint of AE_basic or AE_LeakyReLU, which does not tell it',
  }),
};

/** Values of these options. */
export interface ModelChoice {
  readonly model: string;
  readonly shifts?: readonly number[];
  readonly activation?: 'tanh' | 'leaky-relu';
}

/** The network that the options ask for. @throws UserError when there is none */
export function chosenCodec({ model, shifts, activation }: ModelChoice): Promise<JetCodec> {
  return loadCodec(model, {
    ...(shifts === undefined ? {} : { shifts: { m: shifts[0], pt: shifts[1] } }),
    ...(activation === undefined ? {} : { activation }),
  });
}
