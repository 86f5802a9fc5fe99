/** A trained network on both ends of the chip's links. */
import { leadingPowerOfTwo, restore } from '@hep/datasets';
import { latentFromValues } from '@hep/econ-t';
import type { EcoderModel } from '@hep/ecoder-models';
import { CompiledFunction } from '@hep/engine';
import type { Signature } from '@hep/graph';
import {
  chargesFromImage,
  hideMaskedPixels,
  imageFromCharges,
  LATENT_SIZE,
  TRIGGER_CELLS,
} from '@hep/hgcal-geometry';
import { integerNetwork } from '@hep/integer-network';
import { predict, withinPath } from '@hep/nn';
import type { Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { trainedNetwork } from './trained-network.ts';
import type { TrainedNetwork } from './trained-network.ts';

/** Units of the chip's normalised charges and latent numbers. */
const INPUT_UNIT = 2 ** -7;
const LATENT_UNIT = 2 ** -8;

/**
 * The quantised encoder of a run in integers: normalised charges in units of 2^-7, [crossings, 48], to raw latent
 * numbers.
 * @throws UserError when there is no run, or its network does not fit the chip
 */
export async function encoderOfRun(run: string): Promise<(inputs: Uint8Array) => Uint16Array> {
  const { model, weights } = await networkOfChip(run);
  if (model.quantisation === null) {
    throw new UserError(
      `${run}: the encoder of ${model.name} is not quantised; give the run of a quantised network`,
    );
  }
  const encoder = integerNetwork(model.encoder.network, withinPath(weights, 'encoder'));
  return (inputs) => {
    const fractions = Float32Array.from(inputs, (input) => input * INPUT_UNIT);
    return latentFromValues(encoder.values(imageFromCharges(model.arrangement, fractions)));
  };
}

/** The decoder of a run in the back end. */
export class BackEndDecoder {
  private constructor(
    private readonly network: TrainedNetwork,
    private readonly weights: Weights,
    private readonly compiled: CompiledFunction,
  ) {}

  /** @throws UserError when there is no run, or its decoder needs more than latent numbers and module sums */
  static async ofRun(run: string): Promise<BackEndDecoder> {
    const network = await networkOfChip(run);
    const { model, options } = network;
    if (options.restore === 'maximum') {
      throw new UserError(
        `${run}: it was trained with --restore maximum, but the links carry sums; give a run with another --restore`,
      );
    }
    const weights = withinPath(network.weights, 'decoder');
    return new BackEndDecoder(network, weights, await compiledDecoder(model, weights));
  }

  /**
   * Charges in CALQ counts by trigger cell, [crossings, 48].
   * @param latent raw latent numbers, [crossings, 16]
   * @param sums module sums in CALQ counts, [crossings]
   */
  async decode(latent: Uint16Array, sums: Float64Array): Promise<Float32Array> {
    const { model, options } = this.network;
    const values = Float32Array.from(latent, (number) => number * LATENT_UNIT);
    const shape = [sums.length, LATENT_SIZE];
    const { image } = await this.compiled.run({ ...this.weights, latent: { shape, values } });
    const decoded = Float32Array.from(image.values);
    hideMaskedPixels(model.arrangement, decoded);
    const known = Float64Array.from(sums, (sum) => (Number.isNaN(sum) ? 0 : sum));
    const scales = options.restore === 'sum' ? known : known.map(leadingPowerOfTwo);
    const isEmpty = (i: number) => known[Math.floor(i / TRIGGER_CELLS)] === 0;
    const charges = restore(chargesFromImage(model.arrangement, decoded), scales, options.restore);
    return charges.map((charge, i) => (isEmpty(i) ? 0 : charge));
  }

  close(): Promise<void> {
    return this.compiled.close();
  }
}

function compiledDecoder({ decoder }: EcoderModel, weights: Weights): Promise<CompiledFunction> {
  const [name] = Object.keys(decoder.inputs);
  const parameters: Signature = Object.fromEntries(
    Object.entries(weights).map(([key, { shape }]) => [key, { shape, dtype: 'float32' }]),
  );
  return CompiledFunction.create(
    ({ latent, ...operands }) => {
      const [image] = Object.values(predict(decoder, operands, { [name]: latent }));
      return { image };
    },
    { ...parameters, latent: { shape: [{ batch: 1 }, LATENT_SIZE], dtype: 'float32' } },
  );
}

async function networkOfChip(run: string): Promise<TrainedNetwork> {
  const network = await trainedNetwork(run);
  const { name, conditions, encoder, quantisation } = network.model;
  const [{ shape }] = encoder.network.outputs;
  const integerBits = quantisation?.latent.integer ?? 1;
  if (conditions > 0 || shape[0] !== LATENT_SIZE || integerBits !== 1) {
    throw new UserError(
      `${run}: ${name} does not send ${LATENT_SIZE} numbers from 0 to 2 and its decoder no more than these; ` +
        'give the run of another network',
    );
  }
  return network;
}
