/** From the columns of a training file to the inputs of the network. */
import { JET_COLUMNS, OBJECT_KINDS, objectColumn } from '@hep/calratio-jets';
import { flatNumbers, requireColumns } from '@hep/datasets/columns';
import type { ColumnTable, PlainNumbers } from '@hep/datasets/columns';
import type { Column } from '@hep/engine';
import { sizeOf } from '@hep/nn';
import { inputShapes, JET_INPUTS, MASS_PARAMETERS, usedFeatures } from './jet-inputs.ts';
import type { JetInput, MassParameter } from './jet-inputs.ts';

/** Jets as the network reads them. */
export interface NetworkInputs {
  readonly rows: number;
  /** Inputs by name, [rows, ...shape], in memory that worker threads share. */
  readonly columns: Readonly<Record<JetInput, Column>>;
}

/** Masses in GeV that the network is told of each jet. */
export type JetMasses = Partial<Readonly<Record<MassParameter, ArrayLike<number>>>>;

/** The network is told masses in TeV, so that they are of order one. */
const MASS_UNIT_GEV = 1000;

/** All columns that the network reads, in the order of its inputs. */
export const NETWORK_COLUMNS: readonly string[] = JET_INPUTS.flatMap((name) => slotsOf(name).flat());

/** The columns of each object of an input; of the jet alone where that is the input. */
function slotsOf(input: JetInput): (readonly string[])[] {
  const kind = OBJECT_KINDS.find((candidate) => candidate.input === input);
  if (kind === undefined) return [JET_COLUMNS];
  return Array.from({ length: kind.count }, (_, index) =>
    usedFeatures(kind).map((feature) => objectColumn(kind, feature, index)),
  );
}

/**
 * Network inputs of the jets of a table of finite numbers: features of 30 clusters, 20 tracks and 30 muon segments, and of the jet.
 * @param source names the table in errors
 * @param masses appended to every object and to the jet in the order mH, mS; only those that are given
 * @throws UserError when columns are missing or hold no plain numbers
 */
export function networkInputs(table: ColumnTable, source: string, masses: JetMasses = {}): NetworkInputs {
  requireColumns(source, table.columns.keys(), NETWORK_COLUMNS);
  const parameters = MASS_PARAMETERS.filter((name) => masses[name] !== undefined);
  const appended = parameters.map((name) => masses[name]!);
  const shapes = inputShapes(parameters);
  const columns = JET_INPUTS.map((name) => {
    const stride = sizeOf(shapes[name]);
    const values = new Float32Array(new SharedArrayBuffer(4 * table.rows * stride));
    let first = 0;
    for (const slot of slotsOf(name)) {
      const sources = slot.map((column) => flatNumbers(table, column, source));
      copyFeatures(sources, { values, stride, first });
      first += slot.length;
      for (const mass of appended) copyMass(mass, { values, stride, first: first++ });
    }
    return [name, { rowShape: shapes[name], values }] as const;
  });
  return { rows: table.rows, columns: Object.fromEntries(columns) as Record<JetInput, Column> };
}

/** Where the features of an object lie: value i of row r is element r * stride + first + i. */
interface Target {
  readonly values: Float32Array;
  readonly stride: number;
  readonly first: number;
}

function copyFeatures(sources: readonly PlainNumbers[], { values, stride, first }: Target): void {
  sources.forEach((numbers, feature) => {
    for (let row = 0, at = first + feature; row < numbers.length; row++, at += stride)
      values[at] = numbers[row];
  });
}

function copyMass(mass: ArrayLike<number>, { values, stride, first }: Target): void {
  for (let row = 0, at = first; row < mass.length; row++, at += stride)
    values[at] = mass[row] / MASS_UNIT_GEV;
}
