/** Parameters and floating point operations of a network. */
import { flopsByLayer } from '@hep/graph';
import type { EcoderModel } from '@hep/ecoder-models';
import { frozenGraph } from '@hep/model-files';
import { initialise, parameterCount, sizeOf } from '@hep/nn';
import type { NetworkModel } from '@hep/nn';
import { settled } from './encoder-bits.ts';

/** One layer of the table; layers without parameters, operations and quantisers are left out. */
export interface LayerCost {
  readonly network: 'encoder' | 'decoder';
  readonly layer: string;
  readonly parameters: number;
  /** Per module, counted as TensorFlow's profiler counts them. */
  readonly flops: number;
  /** Numbers that a quantiser rounds, per module; its arithmetic is not among the operations. */
  readonly quantised: number;
}

/** TensorFlow computes the size of an enlarged image with the image: one product for each side. */
const SCALED_SIDES = 2;

/** Cost of every layer of encoder and decoder; learned bits are no parameters of the network that they end in. */
export function layerCosts(model: EcoderModel): LayerCost[] {
  const { encoder, decoder } = settled(model, initialise(model.autoencoder.parameterSpecs, 0));
  return [...costsOf('encoder', encoder), ...costsOf('decoder', decoder)];
}

function costsOf(network: LayerCost['network'], model: NetworkModel): LayerCost[] {
  const flops = flopsByLayer(frozenGraph(model, initialise(model.parameterSpecs, 0)));
  const ofClass = (wanted: string) =>
    model.network.nodes.filter(({ layer }) => layer?.kerasConfig().className === wanted);
  const scaling = new Set(ofClass('UpSampling2D').map(({ name }) => name));
  const quantisers = [...ofClass('QActivation'), ...ofClass('FixedPoint')];
  const quantised = new Map(quantisers.map(({ name, shape }) => [name, sizeOf(shape)]));
  const layers = model.network.nodes.filter((node) => node.layer !== null).map((node) => node.name);
  return [...new Set(layers)]
    .map((layer) => ({
      network,
      layer,
      parameters: parameterCount(model.parameterSpecs.filter((spec) => spec.name.startsWith(`${layer}/`))),
      flops: (flops.get(layer) ?? 0) + (scaling.has(layer) ? SCALED_SIDES : 0),
      quantised: quantised.get(layer) ?? 0,
    }))
    .filter((cost) => cost.parameters > 0 || cost.flops > 0 || cost.quantised > 0);
}

/** Sums over the layers of one network, or of both. */
export function totalCost(costs: readonly LayerCost[], network?: LayerCost['network']) {
  const chosen = costs.filter((cost) => network === undefined || cost.network === network);
  return {
    parameters: chosen.reduce((sum, cost) => sum + cost.parameters, 0),
    flops: chosen.reduce((sum, cost) => sum + cost.flops, 0),
    quantised: chosen.reduce((sum, cost) => sum + cost.quantised, 0),
  };
}
