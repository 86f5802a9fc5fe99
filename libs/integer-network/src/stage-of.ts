import type { KerasLayer, NetworkNode, Padding, Pair, Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { codedWeights, gridIn } from './coded-weights.ts';
import type { Signal, Stage } from './signal.ts';
import { convolutionStage } from './stages/convolution.ts';
import { denseStage } from './stages/dense.ts';
import { maxPoolingStage } from './stages/max-pooling.ts';
import { requantiseStage } from './stages/requantise.ts';
import { joinStage, selectStage } from './stages/select.ts';
import { truncateStage } from './stages/truncate.ts';
import type { Windows } from './stages/windows.ts';

/** One use of a layer and what it is computed from. */
export interface Use {
  readonly node: NetworkNode;
  readonly layer: KerasLayer;
  readonly inputs: readonly Signal[];
  readonly weights: Weights;
}

type Maker = (use: Use) => readonly Stage[];

const makers: Readonly<Record<string, Maker>> = {
  QActivation: ({ node, layer, inputs: [input] }) => [
    requantiseStage(node.name, input, gridIn(node.name, layer.config, 'activation')),
  ],
  QConv2D: (use) =>
    activated(use, convolutionStage(use.inputs[0], windowsOf(use, 'kernel_size'), weightsOf(use))),
  QDense: (use) => activated(use, denseStage(use.inputs[0], weightsOf(use))),
  MaxPooling2D: (use) => [maxPoolingStage(use.inputs[0], windowsOf(use, 'pool_size'))],
  Flatten: reshaped,
  Reshape: reshaped,
  Cropping2D: ({ node, layer, inputs: [input] }) => {
    const [, , channels] = input.shape;
    const [, [first]] = layer.config['cropping'] as readonly (readonly number[])[];
    const elements = Array.from(input.codes, (_, i) => i).filter((i) => i % channels === first);
    return [selectStage(node.name, input, elements, node.shape)];
  },
  MaskLayer: ({ node, layer, inputs: [input] }) => {
    const { nFilter, arrMask } = layer.config as unknown as { nFilter: number; arrMask: number[][] };
    const elements = Array.from(input.codes, (_, i) => i).filter(
      (i) => arrMask[0][Math.floor(i / nFilter)] === 1,
    );
    return [selectStage(node.name, input, elements, node.shape)];
  },
  Truncation: ({ node, layer, inputs: [input] }) => [
    truncateStage(node.name, input, layer.config['bits'] as number),
  ],
  Concatenate: ({ node, inputs }) => [joinStage(node.name, inputs, node.shape)],
};

/** The stages of a layer. @throws UserError for a layer that cannot be computed in integers */
export function stagesOf(use: Use): readonly Stage[] {
  const { className } = use.layer;
  if (!Object.hasOwn(makers, className)) {
    throw new UserError(
      `layer ${use.node.name}: ${className} cannot be computed in integers; expected one of ${Object.keys(makers).join(', ')}`,
    );
  }
  return makers[className](use);
}

const weightsOf = ({ node, layer, weights }: Use) => codedWeights(node.layer!.name, layer, weights);

function windowsOf({ node, layer: { config } }: Use, size: 'kernel_size' | 'pool_size'): Windows {
  return {
    layer: node.name,
    size: config[size] as Pair,
    strides: config['strides'] as Pair,
    padding: config['padding'] as Padding,
  };
}

/** A layer's own quantiser after its sums. */
function activated({ node, layer }: Use, sums: Stage): readonly Stage[] {
  if (layer.config['activation'] === 'linear') return [sums];
  const grid = gridIn(node.name, layer.config, 'activation');
  return [sums, requantiseStage(node.name, sums.signal, grid)];
}

function reshaped({ node, inputs: [input] }: Use): readonly Stage[] {
  return [{ signal: { ...input, shape: node.shape }, run: () => undefined }];
}
