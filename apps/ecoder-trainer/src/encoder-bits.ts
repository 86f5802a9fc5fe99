/** Bits of an encoder's numbers: what they cost, files with every weight, twins for export. */
import { join } from 'node:path';
import { joinAutoencoder } from '@hep/ecoder-models';
import type { Autoencoder, EcoderModel } from '@hep/ecoder-models';
import { atomicWrite } from '@hep/files';
import { withinPath } from '@hep/nn';
import type { Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { learnedNumbers, networkEbops, qkerasTwin, settledNetwork } from '@hep/quant';
import type { LayerEbops, WeightedNetwork } from '@hep/quant';

/** Networks of a trained model and their weights. */
export interface TrainedNetworks extends Autoencoder {
  readonly weights: Weights;
}

const encoderOf = ({ encoder }: EcoderModel, weights: Weights): WeightedNetwork => ({
  network: encoder.network,
  weights: withinPath(weights, 'encoder'),
});

/** Effective bit operations of the encoder's layers; null for an encoder in float32. */
export function encoderEbops(model: EcoderModel, weights: Weights): readonly LayerEbops[] | null {
  return networkEbops(encoderOf(model, weights));
}

/** Sum over the layers. */
export function totalEbops(costs: readonly LayerEbops[]): number {
  return costs.reduce((sum, { ebops }) => sum + ebops, 0);
}

/** The model with plain layers on the exact numbers that its learned bits hold; a model of fixed bits as it is. */
export function settled(model: EcoderModel, weights: Weights): TrainedNetworks {
  return model.learned === null ? { ...model, weights } : withEncoder(model, weights, settledNetwork);
}

/**
 * The model with layers of QKeras on those numbers, or the reason why QKeras cannot hold them.
 */
export function inQkeras(
  model: EcoderModel,
  weights: Weights,
): TrainedNetworks | { readonly refusal: string } {
  if (model.learned === null) return { ...model, weights };
  try {
    return withEncoder(model, weights, qkerasTwin);
  } catch (error) {
    if (error instanceof UserError) return { refusal: error.message };
    throw error;
  }
}

function withEncoder(
  model: EcoderModel,
  weights: Weights,
  twinOf: (trained: WeightedNetwork) => WeightedNetwork,
): TrainedNetworks {
  const twin = twinOf(encoderOf(model, weights));
  const decoder = withinPath(weights, 'decoder');
  const entries = [
    ...Object.entries(twin.weights).map(([name, value]) => [`encoder/${name}`, value] as const),
    ...Object.entries(decoder).map(([name, value]) => [`decoder/${name}`, value] as const),
  ];
  const joined = joinAutoencoder(
    model.arrangement.shape,
    twin.network,
    model.decoder.network,
    model.conditions,
  );
  return { ...joined, weights: Object.fromEntries(entries) };
}

/** `encoder_NAME_bits.json` and `.csv`: every number of an encoder with learned bits, and what its layers cost. */
export async function writeEncoderBits(
  directory: string,
  model: EcoderModel,
  weights: Weights,
): Promise<string[]> {
  const encoder = encoderOf(model, weights);
  const numbers = learnedNumbers(encoder);
  const [json, csv] = ['json', 'csv'].map((ending) =>
    join(directory, `encoder_${model.name}_bits.${ending}`),
  );
  const tensors = numbers.map(({ values, bits, integer, fraction, ...tensor }) => ({
    ...tensor,
    ...(values === undefined ? {} : { values: [...values] }),
    bits: [...bits],
    integer: [...integer],
    fraction: [...fraction],
  }));
  await atomicWrite(json, `${JSON.stringify({ ebops: networkEbops(encoder), tensors })}\n`);
  const rows = numbers.flatMap(({ layer, tensor, values, bits, integer, fraction }) =>
    Array.from(bits, (width, i) =>
      [layer, tensor, i, values?.[i] ?? '', width, integer[i], fraction[i]].join(','),
    ),
  );
  await atomicWrite(csv, ['layer,tensor,element,value,bits,integer,fraction', ...rows, ''].join('\n'));
  return [json, csv];
}
