/** Synthetic jets, to try everything without data. */
import { createGenerator } from '@hep/datasets';
import type { Generator } from '@hep/datasets';
import type { Jets } from '../variables/normalisation.ts';

/** What is generated. */
export interface ToyOptions {
  readonly rows: number;
  readonly seed: number;
}

/** Trigger threshold of the toy, MeV, as of the real test file. */
const THRESHOLD = 20_000;

interface Kinematics {
  readonly m: number;
  readonly pt: number;
  readonly phi: number;
  readonly eta: number;
}

/**
 * Jets with m and pt in MeV, phi, eta. Two parts of three are soft (pT exponential above the threshold of 20 GeV, mean
 * excess 5 GeV), the others have a power-law spectrum above 60 GeV; m / pT is log-normal, shrinks with pT and grows with
 * |eta|; one jet in 200 has no mass but rounding. Each row depends on (seed, row) alone. Not tuned to data.
 */
export function generateToyJets({ rows, seed }: ToyOptions): Jets {
  const names = ['m', 'pt', 'phi', 'eta'] as const;
  const columns = new Map(names.map((name) => [name as string, new Float64Array(rows)]));
  const generator = createGenerator(seed);
  for (let row = 0; row < rows; row++) {
    generator.reset(seed, row);
    const jet = kinematics(generator);
    for (const name of names) columns.get(name)![row] = Math.fround(jet[name]);
  }
  return { rows, columns };
}

function kinematics(generator: Generator): Kinematics {
  const isSoft = generator.uniform() < 0.67;
  const pt = isSoft
    ? THRESHOLD + 5_000 * generator.exponential()
    : 60_000 * (1 - generator.uniform()) ** (-1 / 3.5);
  const eta = isSoft ? within(4.7, 1.7 * generator.normal()) : within(4, 1.1 * generator.normal());
  const phi = Math.PI * (1 - 2 * generator.uniform());
  if (generator.uniform() < 0.005) return { m: 0.05 * generator.normal(), pt, phi, eta };
  const share = 0.2 * (pt / THRESHOLD) ** -0.25 * (1 + 0.05 * Math.abs(eta));
  return { m: pt * share * Math.exp(0.3 * generator.normal()), pt, phi, eta };
}

/** Folded back at the edges. */
function within(edge: number, value: number): number {
  const size = Math.abs(value) % (2 * edge);
  return Math.sign(value) * (size > edge ? 2 * edge - size : size);
}
