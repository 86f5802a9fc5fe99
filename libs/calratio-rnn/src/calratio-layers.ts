import { batchNormalization, conv1d, dense, dropout, globalAveragePooling1d, l1l2, lstm } from '@hep/nn';
import type { Layer } from '@hep/nn';
import { hiddenUnits } from './config.ts';
import type { CalRatioConfig } from './config.ts';
import { JET_CLASSES } from './labels.ts';
import type { JetObject } from './jet-inputs.ts';

/** Every layer of the networks, made once; connecting a layer again shares its parameters. */
export interface CalRatioLayers {
  readonly branches: Readonly<Record<JetObject, readonly Layer[]>>;
  /** Dense layers between the joined branches and the output. */
  readonly head: readonly Layer[];
  readonly adversary: readonly Layer[];
}

/** Layers with Keras' names: `conv1d`, `conv1d_1`, ... in order of creation. */
export function calRatioLayers(config: CalRatioConfig): CalRatioLayers {
  const names = new LayerNames();
  return {
    branches: {
      constit: branch('constit', config, names),
      track: branch('track', config, names),
      MSeg: branch('MSeg', config, names),
    },
    head: head(config, names),
    adversary: adversary(),
  };
}

/** The last layer of the main network: class probabilities, or their logits. */
export function mainOutput(activation: 'softmax' | 'linear'): Layer {
  return dense({ name: 'main_output', units: JET_CLASSES.length, activation });
}

/** The last layer of the adversary: probability that a jet is data, or its logit. */
export function adversaryOutput(activation: 'sigmoid' | 'linear'): Layer {
  return dense({ name: 'adversary_out', units: 1, activation });
}

class LayerNames {
  private readonly used = new Map<string, number>();

  next(kind: string): string {
    const count = this.used.get(kind) ?? 0;
    this.used.set(kind, count + 1);
    return count === 0 ? kind : `${kind}_${count}`;
  }
}

const penalty = ({ regularisation }: CalRatioConfig) => l1l2(regularisation, regularisation);
const nextDropout = ({ dropout: rate }: CalRatioConfig, names: LayerNames) =>
  dropout({ name: names.next('dropout'), rate });

/** Pointwise convolutions of the objects, then a summary of the sequence; the first convolution has no dropout. */
function branch(object: JetObject, config: CalRatioConfig, names: LayerNames): Layer[] {
  const filters = config.filters[object];
  const convolutions = filters.flatMap((count, i) => {
    const last = i === filters.length - 1;
    const convolution = conv1d({
      name: last ? `${object}_final_conv1d` : names.next('conv1d'),
      filters: count,
      kernelSize: 1,
      activation: 'relu',
      kernelRegulariser: penalty(config),
    });
    return i === 0 ? [convolution] : [convolution, nextDropout(config, names)];
  });
  return [...convolutions, ...summary(object, config, names), nextDropout(config, names)];
}

function summary(object: JetObject, config: CalRatioConfig, names: LayerNames): Layer[] {
  const units = config.lstmUnits[object];
  if (units === 0) return [globalAveragePooling1d({ name: names.next('global_average_pooling1d') })];
  return Array.from({ length: config.lstmLayers }, (_, i) =>
    lstm({
      name: names.next('lstm'),
      units,
      returnSequences: i < config.lstmLayers - 1,
      kernelRegulariser: penalty(config),
    }),
  );
}

function head(config: CalRatioConfig, names: LayerNames): Layer[] {
  return hiddenUnits(config).flatMap((units, i) => [
    dense({ name: `dense_${i + 1}`, units, activation: 'relu', kernelRegulariser: penalty(config) }),
    nextDropout(config, names),
  ]);
}

const ADVERSARY_UNITS = [24, 12, 6] as const;

/** Layers of the adversary but for its output. */
function adversary(): Layer[] {
  return [
    ...ADVERSARY_UNITS.flatMap((units, i) => [
      batchNormalization({ name: `adversary_norm_${i + 1}` }),
      dense({ name: `adversary_${i + 1}`, units, activation: 'tanh' }),
    ]),
    batchNormalization({ name: `adversary_norm_${ADVERSARY_UNITS.length + 1}` }),
  ];
}
