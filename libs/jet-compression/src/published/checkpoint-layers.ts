/** From the named tensors of a PyTorch checkpoint to layers; names are those of the studies' classes. */
import { UserError } from '@hep/options';
import type { AfterDense, JetLayout } from '../networks/layouts.ts';
import { LayerReader } from './layer-reader.ts';

/** An array of a checkpoint in C order. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number | bigint>;
}

/** Arrays by name, such as `en1.weight`. */
export type NamedTensors = ReadonlyMap<string, StoredTensor>;

/** y = W x + b in double precision; `weight` is [units, inputs], row by row. */
export interface DoubleLayer {
  readonly units: number;
  readonly inputs: number;
  readonly weight: Float64Array;
  /** Null for a layer without. */
  readonly bias: Float64Array | null;
}

/** gamma (x - mean) / sqrt(variance + 1e-5) + beta. */
export interface DoubleNormalisation {
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** A linear layer and the normalisation after it, where its layout has one. */
export interface DoubleBlock {
  readonly layer: DoubleLayer;
  readonly normalisation: DoubleNormalisation | null;
}

/** Layers of a published network. */
export interface PublishedLayers {
  readonly layout: JetLayout;
  readonly encoder: readonly DoubleBlock[];
  /** Of the latent vector at the decoder's start. */
  readonly start: DoubleNormalisation | null;
  readonly decoder: readonly DoubleBlock[];
}

/** What stands between layers that are numbered in a row, which their names do not tell. */
export type RowActivation = 'tanh' | 'leaky-relu';

/**
 * Two kinds of names: `en1`, `en2`, ..., `de1`, ... with `bn1`, ... (tanh, the decoder begins with one), and `encoder.0`,
 * `encoder.1`, ..., `decoder.0`, ... in a row, where the numbers that are missing are activations.
 * @param activation of layers in a row without normalisation
 * @throws UserError when the layers do not fit together
 */
export function layersOf(path: string, tensors: NamedTensors, activation?: RowActivation): PublishedLayers {
  const reader = new LayerReader(path, tensors);
  const found = tensors.has('encoder.0.weight') ? inARow(reader, activation) : numbered(reader);
  const latent = found.encoder.at(-1)!.layer.units;
  requireFit(path, found, latent);
  return found;
}

function numbered(reader: LayerReader): PublishedLayers {
  const count = (prefix: string) => {
    let last = 0;
    while (reader.has(`${prefix}${last + 1}`)) last++;
    if (last > 0) return last;
    return reader.fail(
      `no layer ${prefix}1; expected weights en1.weight, en1.bias, ... and de1.weight, ..., or encoder.0.weight, ...`,
    );
  };
  const [encoders, decoders] = [count('en'), count('de')];
  const hasNormalisation = reader.isNormalisation('bn1') || reader.isNormalisation(`bn${encoders + 1}`);
  const normalisation = (index: number, width: number) =>
    hasNormalisation ? reader.normalisation(`bn${index}`, width) : null;
  const blocks = (prefix: string, layers: number, first: number): DoubleBlock[] =>
    Array.from({ length: layers }, (_, i) => {
      const layer = reader.layer(`${prefix}${i + 1}`);
      return { layer, normalisation: i + 1 < layers ? normalisation(first + i, layer.units) : null };
    });
  const encoder = blocks('en', encoders, 1);
  const start = normalisation(encoders + 1, encoder.at(-1)!.layer.units);
  const decoder = blocks('de', decoders, encoders + 2);
  const after: readonly AfterDense[] = [
    'tanh',
    ...(hasNormalisation ? (['batch-normalisation'] as const) : []),
  ];
  return {
    layout: layoutOfBlocks(encoder, decoder, { hidden: after, stored: [], restored: after }),
    encoder,
    start,
    decoder,
  };
}

function inARow(reader: LayerReader, activation?: RowActivation): PublishedLayers {
  const hidden = rowKinds(reader, activation);
  const stride = hidden.length + 1;
  const at = hidden.indexOf('batch-normalisation');
  const blocks = (part: string, isLastBare: boolean): DoubleBlock[] => {
    const found: DoubleBlock[] = [];
    for (let index = 0; reader.has(`${part}.${index}`); index += stride) {
      const layer = reader.layer(`${part}.${index}`);
      const isBare = isLastBare && !reader.has(`${part}.${index + stride}`);
      const normalisation =
        at < 0 || isBare ? null : reader.normalisation(`${part}.${index + 1 + at}`, layer.units);
      found.push({ layer, normalisation });
    }
    return found.length > 0 ? found : reader.fail(`no layer ${part}.0`);
  };
  const [encoder, decoder] = [blocks('encoder', false), blocks('decoder', true)];
  return {
    layout: layoutOfBlocks(encoder, decoder, { hidden, stored: hidden, restored: [] }),
    encoder,
    start: null,
    decoder,
  };
}

/** Where the first normalisation stands tells the class. */
function rowKinds(reader: LayerReader, activation?: RowActivation): readonly AfterDense[] {
  if (reader.isNormalisation('encoder.1')) return ['batch-normalisation', 'tanh'];
  if (reader.isNormalisation('encoder.2')) return ['leaky-relu', 'batch-normalisation'];
  if (activation !== undefined) return [activation];
  return reader.fail(
    'layers in a row without normalisation may have tanh or LeakyReLU between them; say which with --activation',
  );
}

function layoutOfBlocks(
  encoder: readonly DoubleBlock[],
  decoder: readonly DoubleBlock[],
  kinds: Pick<JetLayout, 'hidden' | 'stored' | 'restored'>,
): JetLayout {
  const hiddenUnits = (blocks: readonly DoubleBlock[]) => blocks.slice(0, -1).map(({ layer }) => layer.units);
  return {
    encoder: hiddenUnits(encoder),
    latent: encoder.at(-1)!.layer.units,
    decoder: hiddenUnits(decoder),
    ...kinds,
    outputBias: decoder.at(-1)!.layer.bias !== null,
  };
}

function requireFit(path: string, { encoder, decoder }: PublishedLayers, latent: number): void {
  const layers = [...encoder, ...decoder].map(({ layer }) => layer);
  const variables = layers[0].inputs;
  layers.forEach(({ inputs, bias }, i) => {
    const before = i === 0 ? variables : i === encoder.length ? latent : layers[i - 1].units;
    if (inputs !== before) {
      throw new UserError(
        `${path}: layer ${i + 1} of ${layers.length} reads ${inputs} values, the one before gives ${before}`,
      );
    }
    if (bias === null && i + 1 < layers.length)
      throw new UserError(`${path}: layer ${i + 1} of ${layers.length} has no bias`);
  });
  const { units } = layers.at(-1)!;
  if (units !== variables) throw new UserError(`${path}: gives ${units} variables, expected ${variables}`);
}
