/** Checkpoints of PyTorch as JSON: columns, normalisation, and matrices of shape (out, in) by name. */
import { basename } from 'node:path';
import { readBounded } from '@hep/model-files';
import { UserError } from '@hep/options';
import type { JetLayout } from '../networks/layouts.ts';
import { customFourMomentum } from '../variables/presets.ts';
import type { Normalisation } from '../variables/normalisation.ts';

/** A dense layer in double precision: y = W x + b. */
export interface DoubleLayer {
  readonly inputs: number;
  readonly units: number;
  /** [units, inputs] */
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/** An autoencoder as it was published. */
export interface PublishedCheckpoint {
  readonly name: string;
  readonly layout: JetLayout;
  readonly normalisation: Normalisation;
  /** From input to latent vector, and from latent vector to output. */
  readonly encoder: readonly DoubleLayer[];
  readonly decoder: readonly DoubleLayer[];
}

/** Larger files are no checkpoints of these networks. */
const LARGEST_BYTES = 64 * 2 ** 20;

/**
 * Reads a checkpoint with layers `en1`, ... and `de1`, ..., tanh between them.
 * @throws UserError with the path for anything else
 */
export async function readCheckpoint(path: string): Promise<PublishedCheckpoint> {
  const content = parsed(path, await readBounded(path, LARGEST_BYTES));
  const encoder = layersOf(path, content.weights, 'en');
  const decoder = layersOf(path, content.weights, 'de');
  const units = (layers: readonly DoubleLayer[]) => layers.slice(0, -1).map((layer) => layer.units);
  const normalisation = normalisationOf(path, content);
  const latent = encoder.at(-1)!.units;
  requireFit(path, [...encoder, ...decoder], normalisation.length);
  const layout: JetLayout = {
    encoder: units(encoder),
    latent,
    decoder: units(decoder),
    hidden: ['tanh'],
    stored: [],
    restored: ['tanh'],
    outputBias: true,
  };
  return { name: basename(path, '.json'), layout, normalisation, encoder, decoder };
}

interface Content {
  readonly columns: readonly unknown[];
  readonly norm: Readonly<Record<string, unknown>>;
  readonly weights: Readonly<Record<string, unknown>>;
}

function parsed(path: string, bytes: Uint8Array): Content {
  let content: Partial<Content> | null;
  try {
    content = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<Content> | null;
  } catch {
    throw new UserError(`${path}: is not JSON; give a checkpoint, or a folder that train or export wrote`);
  }
  const isRecord = (value: unknown) => typeof value === 'object' && value !== null;
  if (
    !isRecord(content) ||
    !Array.isArray(content?.columns) ||
    !isRecord(content.norm) ||
    !isRecord(content.weights)
  ) {
    throw new UserError(`${path}: expected a checkpoint with columns, norm and weights`);
  }
  return content as Content;
}

function layersOf(path: string, weights: Content['weights'], prefix: 'en' | 'de'): DoubleLayer[] {
  const layers: DoubleLayer[] = [];
  while (`${prefix}${layers.length + 1}.weight` in weights) {
    const name = `${prefix}${layers.length + 1}`;
    const { shape, data } = tensorOf(path, weights, `${name}.weight`, 2);
    const bias = tensorOf(path, weights, `${name}.bias`, 1);
    if (bias.shape[0] !== shape[0]) {
      throw new UserError(`${path}: ${name}.bias has ${bias.shape[0]} values, expected ${shape[0]}`);
    }
    layers.push({ units: shape[0], inputs: shape[1], weight: data, bias: bias.data });
  }
  if (layers.length > 0) return layers;
  throw new UserError(
    `${path}: no layer ${prefix}1; expected weights en1.weight, en1.bias, ... and de1.weight, ...`,
  );
}

function tensorOf(path: string, weights: Content['weights'], name: string, rank: number) {
  const { shape, data } = (weights[name] ?? {}) as { shape?: unknown; data?: unknown };
  const isShape =
    Array.isArray(shape) &&
    shape.length === rank &&
    shape.every((size) => Number.isInteger(size) && size > 0);
  if (!isShape || !Array.isArray(data) || !data.every((value) => Number.isFinite(value))) {
    throw new UserError(`${path}: ${name}: expected a shape of ${rank} numbers and finite data`);
  }
  const size = (shape as number[]).reduce((product, axis) => product * axis, 1);
  if (data.length !== size) {
    throw new UserError(
      `${path}: ${name} has ${data.length} values, expected ${(shape as number[]).join(' x ')}`,
    );
  }
  return { shape: shape as number[], data: Float64Array.from(data as number[]) };
}

/** Texts such as `log10(m+1)/1.8-2` and `(log10(pt)-1.3)/1.2-3`, whose last number is the shift. */
function normalisationOf(path: string, { columns, norm }: Content): Normalisation {
  const expected: Record<string, RegExp> = {
    m: /^log10\(m\+1\)\/1\.8-(\d+(?:\.\d+)?)$/,
    pt: /^\(log10\(pt\)-1\.3\)\/1\.2-(\d+(?:\.\d+)?)$/,
    phi: /^phi\/3$/,
    eta: /^eta\/5$/,
  };
  if (columns.join() !== Object.keys(expected).join()) {
    throw new UserError(`${path}: columns ${columns.join(', ')}, expected m, pt, phi, eta`);
  }
  const shiftOf = (name: string): number => {
    const match = expected[name].exec(String(norm[name]));
    if (match !== null) return Number(match[1] ?? 0);
    throw new UserError(`${path}: normalisation "${String(norm[name])}" of ${name} is unknown`);
  };
  const [m, pt] = ['m', 'pt', 'phi', 'eta'].map(shiftOf);
  return customFourMomentum({ m, pt });
}

function requireFit(path: string, layers: readonly DoubleLayer[], variables: number): void {
  const sizes = [variables, ...layers.map(({ units }) => units)];
  layers.forEach(({ inputs }, i) => {
    if (inputs === sizes[i]) return;
    throw new UserError(
      `${path}: layer ${i + 1} of ${layers.length} reads ${inputs} values, the one before gives ${sizes[i]}`,
    );
  });
  if (sizes.at(-1) !== variables) {
    throw new UserError(`${path}: gives ${sizes.at(-1)} variables, expected ${variables}`);
  }
}
