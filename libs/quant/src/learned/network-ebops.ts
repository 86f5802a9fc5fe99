/** Effective bit operations of whole networks, layer by layer: of learned bits and of QKeras' fixed formats. */
import { tf } from '@hep/graph';
import { conv2d, dense, inference, sizeOf, withinPath } from '@hep/nn';
import type { KerasLayer, Layer, NetworkNode, Padding, Pair, Shape, Weights } from '@hep/nn';
import { bitsOf } from '../config.ts';
import { quantiserFromKeras } from '../keras.ts';
import { onHost } from './host-numbers.ts';
import { isLearned } from './learned-layers.ts';
import type { WeightedNetwork } from './rebuild-network.ts';

/** What one layer of a network costs; a shared layer has one entry for each use. */
export interface LayerEbops {
  readonly layer: string;
  readonly ebops: number;
}

/**
 * Effective bit operations of the layers with products, by HGQ's formulas. Products of QKeras' layers cost the bits of
 * both factors, signs included, as saturating numbers do.
 * @returns null when a product has a factor that nothing quantises
 */
export function networkEbops({ network, weights }: WeightedNetwork): LayerEbops[] | null {
  const bitsOf = new Map<NetworkNode, number | null>();
  const costs: LayerEbops[] = [];
  for (const node of network.nodes) {
    const incoming = node.inputs.map((from) => bitsOf.get(from) ?? null);
    const given = incoming.includes(null) ? null : Math.max(...(incoming as number[]));
    bitsOf.set(node, bitsAfter(node.layer, given));
    const ebops = node.layer === null ? 0 : layerEbops(node, node.layer, given, weights);
    if (ebops === null) return null;
    if (ebops > 0 || (node.layer !== null && isLearned(node.layer))) costs.push({ layer: node.name, ebops });
  }
  return costs;
}

/** Layers that move or compare numbers, which keep their bits. */
const movers: ReadonlySet<string> = new Set([
  'Concatenate',
  'Flatten',
  'MaskLayer',
  'MaxPooling2D',
  'Reshape',
  'UpSampling2D',
  'Cropping2D',
  'Cropping3D',
]);

/** Bits of what a layer gives; null when nothing quantised it since the last product. */
function bitsAfter(layer: Layer | null, given: number | null): number | null {
  if (layer === null || isLearned(layer)) return null;
  const { className, config } = layer.kerasConfig();
  if (className === 'QActivation') return bitsOf(quantiserFromKeras(config['activation']).config);
  const isRectifier = className === 'Activation' && config['activation'] === 'relu';
  return isRectifier || movers.has(className) ? given : null;
}

function layerEbops(
  { inputs }: NetworkNode,
  layer: Layer,
  given: number | null,
  weights: Weights,
): number | null {
  const shapes = inputs.map((node) => node.shape);
  const [shape] = shapes;
  if (isLearned(layer)) {
    const own = withinPath(weights, layer.name);
    return onHost(own, (parameters) => ({ ebops: layer.ebops(parameters, shape) }))['ebops'][0];
  }
  const description = layer.kerasConfig();
  const products = productsOf(description);
  if (products === null) return layer.parameters(shapes).length === 0 ? 0 : null;
  const { kernel_quantizer: kernel, bias_quantizer: bias, use_bias: useBias } = description.config;
  if (given === null || !kernel || (useBias && !bias)) return null;
  const count = productCount(products, shape);
  const additions = useBias ? biasUses(products, shape) * bitsOf(quantiserFromKeras(bias).config) : 0;
  return count * given * bitsOf(quantiserFromKeras(kernel).config) + additions;
}

/** The operation of a layer with products, without bias; null for other layers. */
function productsOf({ className, config }: KerasLayer): Layer | null {
  const name = 'products';
  switch (className) {
    case 'Dense':
    case 'QDense':
      return dense({ name, units: config['units'] as number, useBias: false });
    case 'Conv2D':
    case 'QConv2D':
      return conv2d({
        name,
        filters: config['filters'] as number,
        kernelSize: config['kernel_size'] as Pair,
        strides: config['strides'] as Pair,
        padding: config['padding'] as Padding,
        useBias: false,
      });
    default:
      return null;
  }
}

/** Products with something else than padding. */
function productCount(products: Layer, shape: Shape): number {
  const [{ shape: kernelShape }] = products.parameters([shape]);
  const count = () => {
    const kernel = tf.ones([...kernelShape]);
    return { count: tf.sum(products.apply({ kernel }, [tf.ones([1, ...shape])], inference())) };
  };
  return onHost({}, count)['count'][0];
}

/** Additions of a bias as HGQ counts them: one for each pixel of the input and channel of the result. */
function biasUses(products: Layer, shape: Shape): number {
  const units = products.outputShape([shape]).at(-1)!;
  return shape.length === 3 ? sizeOf(shape.slice(0, 2)) * units : units;
}
