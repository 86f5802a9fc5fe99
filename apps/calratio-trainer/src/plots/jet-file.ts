/** Files of jets as `plot` shows them. */
import { flatNumbers, requireColumns } from '@hep/datasets/columns';
import type { ColumnFile } from '@hep/datasets/columns';
import { massName } from '@hep/calratio-training';

/** An open file with what its jets are. */
export interface JetFile {
  /** In legends. */
  readonly name: string;
  readonly file: ColumnFile;
  /** The main sample has masses, the control region has none (spec 10.5). */
  readonly kind: 'main' | 'control';
  /** [jets] */
  readonly label: Float64Array;
  /** `mcEventWeight`; 1 without such a column, 0 where it is no number. [jets] */
  readonly weight: Float64Array;
  /** `125, 55` in the main sample, empty in the control region. [jets] */
  readonly masses: readonly string[];
}

const WEIGHT = 'mcEventWeight';
const MASSES = ['llp_mH', 'llp_mS'] as const;

/**
 * Reads labels, weights and masses.
 * @throws UserError when there is no column `label`, or one of these holds no single numbers
 */
export async function jetFile(name: string, file: ColumnFile): Promise<JetFile> {
  const has = (column: string) => file.types.has(column);
  requireColumns(file.path, file.types.keys(), ['label']);
  const isMain = has(MASSES[0]);
  const wanted = ['label', ...(has(WEIGHT) ? [WEIGHT] : []), ...(isMain ? MASSES : [])];
  const table = await file.read(wanted);
  const numbers = (column: string) => Float64Array.from(flatNumbers(table, column, file.path));
  const [mH, mS] = isMain ? MASSES.map(numbers) : [];
  return {
    name,
    file,
    kind: isMain ? 'main' : 'control',
    label: numbers('label'),
    weight: has(WEIGHT)
      ? numbers(WEIGHT).map((weight) => (Number.isFinite(weight) ? weight : 0))
      : new Float64Array(file.rows).fill(1),
    masses: isMain ? Array.from(mH, (mass, jet) => massName(mass, mS[jet])) : [],
  };
}

/** Whether a type is one number in each row. */
export function isFlat(type: string | undefined): boolean {
  return type !== undefined && type !== 'text' && !type.endsWith(']');
}
