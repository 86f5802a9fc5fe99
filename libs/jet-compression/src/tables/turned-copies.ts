/** More training jets by the symmetries of detector and collisions. */
import { createGenerator } from '@hep/datasets';
import type { Jets } from '../variables/normalisation.ts';

/** Variables that turn with a jet, and those that change their sign with the direction of the beam. */
const AZIMUTHS = ['phi', 'ActiveArea4vec_phi'];
const PSEUDORAPIDITIES = ['eta', 'ActiveArea4vec_eta', 'DetectorEta'];

/**
 * The jets, and after them `copies` of each, turned by a random angle around the beam and mirrored along it with
 * probability 1/2. All variables of a jet turn together.
 */
export function turnedCopies(jets: Jets, copies: number, seed: number): Jets {
  if (copies === 0) return jets;
  const rows = jets.rows * (copies + 1);
  const generator = createGenerator(seed, 1);
  const angles = Float64Array.from({ length: rows }, (_, row) =>
    row < jets.rows ? 0 : 2 * Math.PI * generator.uniform(),
  );
  const signs = Float64Array.from({ length: rows }, (_, row) =>
    row < jets.rows || generator.uniform() < 0.5 ? 1 : -1,
  );
  const columns = [...jets.columns].map(([name, values]): [string, Float64Array] => {
    const isAzimuth = AZIMUTHS.includes(name);
    const isPseudorapidity = PSEUDORAPIDITIES.includes(name);
    const copied = Float64Array.from({ length: rows }, (_, row) => {
      const value = values[row % jets.rows];
      if (isAzimuth) return wrapped(value + angles[row]);
      return isPseudorapidity ? value * signs[row] : value;
    });
    return [name, copied];
  });
  return { rows, columns: new Map(columns) };
}

function wrapped(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
