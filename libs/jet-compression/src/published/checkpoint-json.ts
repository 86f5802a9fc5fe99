/** Published networks as JSON: `columns`, `norm` and `weights` with `shape` and `data`. */
import { UserError } from '@hep/options';
import { customFourMomentum } from '../variables/presets.ts';
import type { Normalisation } from '../variables/normalisation.ts';
import type { NamedTensors, StoredTensor } from './checkpoint-layers.ts';

/**
 * Weights and normalisation of a checkpoint as JSON.
 * @throws UserError for anything else
 */
export function parseCheckpointJson(
  path: string,
  bytes: Uint8Array,
): { tensors: NamedTensors; normalisation: Normalisation } {
  const content = parsed(path, bytes);
  const tensors = Object.entries(content.weights).map(
    ([name, value]) => [name, tensorOf(path, name, value)] as const,
  );
  return { tensors: new Map(tensors), normalisation: normalisationOf(path, content) };
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

function tensorOf(path: string, name: string, value: unknown): StoredTensor {
  const { shape, data } = (value ?? {}) as { shape?: unknown; data?: unknown };
  const isShape =
    Array.isArray(shape) && shape.length <= 2 && shape.every((size) => Number.isInteger(size) && size > 0);
  if (!isShape || !Array.isArray(data) || !data.every((number) => Number.isFinite(number))) {
    throw new UserError(`${path}: ${name}: expected a shape of at most two numbers and finite data`);
  }
  const size = (shape as number[]).reduce((product, axis) => product * axis, 1);
  if (data.length !== size) {
    throw new UserError(
      `${path}: ${name} has ${data.length} values, expected ${(shape as number[]).join(' x ')}`,
    );
  }
  return { shape: shape as number[], values: Float64Array.from(data as number[]) };
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
