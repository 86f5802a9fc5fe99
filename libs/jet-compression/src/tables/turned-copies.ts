/** More training jets by the symmetries of detector and collisions. */
import { createGenerator } from '@hep/datasets';
import type { Generator } from '@hep/datasets';
import type { Jets, Normalisation } from '../variables/normalisation.ts';
import { forward, inverse } from '../variables/transform.ts';

/** Variables that turn with a jet, and those that change their sign with the direction of the beam. */
const AZIMUTHS = ['phi', 'ActiveArea4vec_phi'];
const PSEUDORAPIDITIES = ['eta', 'ActiveArea4vec_eta', 'DetectorEta'];

/** How jets are copied. */
export interface CopyOptions {
  /** Copies of each jet. */
  readonly copies: number;
  /** Standard deviation by which variables of copies are moved, in units of `metric`. */
  readonly jitter: number;
  readonly metric: Normalisation;
  readonly seed: number;
}

/**
 * The jets, and after them copies of each, turned by a random angle around the beam and mirrored along it with
 * probability 1/2; all variables of a jet turn together. Jitter smooths what little is known of rare jets.
 */
export function turnedCopies(jets: Jets, { copies, jitter, metric, seed }: CopyOptions): Jets {
  if (copies === 0) return jets;
  const rows = jets.rows * (copies + 1);
  const generator = createGenerator(seed, 1);
  const isCopy = (row: number) => row >= jets.rows;
  const drawn = (draw: () => number, otherwise: number) =>
    Float64Array.from({ length: rows }, (_, row) => (isCopy(row) ? draw() : otherwise));
  const angles = drawn(() => 2 * Math.PI * generator.uniform(), 0);
  const signs = drawn(() => (generator.uniform() < 0.5 ? -1 : 1), 1);
  const columns = metric.map((transform): [string, Float64Array] => {
    const { name } = transform;
    const values = jets.columns.get(name)!;
    const turned = Float64Array.from({ length: rows }, (_, row) => {
      const value = values[row % jets.rows];
      if (AZIMUTHS.includes(name)) return wrapped(value + angles[row]);
      return PSEUDORAPIDITIES.includes(name) ? value * signs[row] : value;
    });
    if (jitter > 0)
      moveCopies(turned, jets.rows, generator, (value, step) =>
        inverse(transform, forward(transform, value) + jitter * step),
      );
    return [name, turned];
  });
  return { rows, columns: new Map(columns) };
}

function moveCopies(
  values: Float64Array,
  first: number,
  generator: Generator,
  move: (value: number, step: number) => number,
): void {
  for (let row = first; row < values.length; row++) values[row] = move(values[row], generator.normal());
}

function wrapped(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
