/** A trained network with learned bits as a network of QKeras, where one format can hold the numbers of a layer. */
import type { Layer, Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { qActivation } from '../layers/qactivation.ts';
import { quantiser } from '../quantiser.ts';
import type { Quantiser } from '../quantiser.ts';
import { elementBits, quantisedWeights } from './host-numbers.ts';
import type { ElementBits, QuantisedTensor } from './host-numbers.ts';
import { isLearned } from './learned-layers.ts';
import type { LearnedLayer } from './learned-layers.ts';
import { rebuildNetwork } from './rebuild-network.ts';
import type { WeightedNetwork } from './rebuild-network.ts';
import { inputShapes, settledWeights } from './settled-network.ts';

/** Bits that float32 holds beside a sign. */
const MOST_BITS = 24;

/**
 * Layers of QKeras with the same numbers: each kernel and bias in the smallest format that holds all of its elements,
 * what comes into a layer quantised by a QActivation `NAME_input`.
 * @throws UserError when QKeras has no format for a tensor; the line says which
 */
export function qkerasTwin(trained: WeightedNetwork): WeightedNetwork {
  const shapes = inputShapes(trained);
  return rebuildNetwork(trained, (layer, own) => {
    if (!isLearned(layer)) return null;
    const bits = elementBits(layer.quantisers.input, own, shapes.get(layer)!);
    const activation = qActivation({
      name: `${layer.name}_input`,
      activation: activationFormat(layer, bits),
    });
    return { layers: [activation, quantisedTwin(layer, own)], weights: settledWeights(layer, own) };
  });
}

function quantisedTwin(layer: LearnedLayer, own: Weights): Layer {
  const { kernel, bias } = quantisedWeights(layer, own);
  const format = (name: string, tensor: QuantisedTensor) =>
    smallestFormat(`${layer.name}/${name}`, tensor.values);
  return layer.inQkeras({
    kernelQuantiser: format('kernel', kernel),
    ...(layer.useBias ? { biasQuantiser: format('bias', bias) } : { useBias: false }),
  });
}

/**
 * The signed format of QKeras with the fewest bits that has every number.
 * @throws UserError when float32 could not hold it
 */
export function smallestFormat(name: string, values: Float32Array): Quantiser {
  const fraction = values.reduce((most, value) => Math.max(most, fractionBits(value)), 0);
  const step = 2 ** -fraction;
  let integer = 0;
  while (values.some((value) => value < -(2 ** integer) || value > 2 ** integer - step)) integer++;
  const magnitude = integer + fraction;
  if (magnitude > MOST_BITS) {
    throw refusal(name, `its numbers need ${magnitude + 1} bits in one format, more than float32 holds`);
  }
  return quantiser({ kind: 'quantized_bits', bits: Math.max(2, magnitude + 1), integer, alpha: 1 });
}

/** Fewest bits right of the point that hold a number. */
function fractionBits(value: number): number {
  let bits = 0;
  for (let scaled = value; !Number.isInteger(scaled); scaled *= 2) bits++;
  return bits;
}

function activationFormat(
  { name, quantisers }: LearnedLayer,
  { integer, fraction, bits }: ElementBits,
): Quantiser {
  const { rounding, overflow, keepNegative } = quantisers.input.settings;
  const what = `the input of ${name}`;
  const isUniform = (values: Float32Array) => values.every((value) => value === values[0]);
  if (!isUniform(integer) || !isUniform(fraction)) throw refusal(what, 'its elements have bits of their own');
  if (rounding !== 'RND_CONV' || overflow === 'WRAP') {
    throw refusal(
      what,
      `it is quantised with ${rounding} and ${overflow}, QKeras has RND_CONV and saturation`,
    );
  }
  const [i, f] = [integer[0], fraction[0]];
  if (i < 0 || f < 0 || bits[0] === 0) {
    throw refusal(
      what,
      `it has ${i} integer and ${f} fraction bits, QKeras takes no fewer than 0 of each and 1 in all`,
    );
  }
  if (!keepNegative) return quantiser({ kind: 'quantized_relu', bits: i + f, integer: i });
  const symmetric = overflow === 'SAT_SYM';
  return quantiser({ kind: 'quantized_bits', bits: i + f + 1, integer: i, symmetric, alpha: 1 });
}

function refusal(what: string, reason: string): UserError {
  return new UserError(`no QKeras file: ${what} has no format of QKeras, ${reason}`);
}
