/** The two kinds of tables that a training reads. */
import { JET_COLUMNS, OBJECT_KINDS, objectColumn, TRAINING_COLUMNS } from '../jet-columns.ts';

/** A kind of table: what it must hold. */
export interface JetSample {
  /** What its labels mean, by label. */
  readonly labels: Readonly<Record<number, string>>;
  readonly required: readonly string[];
}

const SEEN_BY_NETWORK = [
  ...JET_COLUMNS,
  ...OBJECT_KINDS.flatMap((kind) =>
    Array.from({ length: kind.count }, (_, i) =>
      kind.features.filter((feature) => !kind.unused.includes(feature)).map((f) => objectColumn(kind, f, i)),
    ).flat(),
  ),
];

/** Main sample and control region. Columns of a training file that are not required are read where they are. */
export const JET_SAMPLES = {
  main: {
    labels: { 0: 'QCD', 1: 'signal', 2: 'BIB' },
    required: ['label', 'mcEventWeight', 'llp_mH', 'llp_mS', ...SEEN_BY_NETWORK],
  },
  control: {
    labels: { 0: 'multijet simulation', 2: 'multijet data' },
    required: ['label', 'mcEventWeight', ...SEEN_BY_NETWORK],
  },
} as const satisfies Record<string, JetSample>;

/** Name of a kind of table. */
export type JetSampleName = keyof typeof JET_SAMPLES;

/** Columns of a training file that a table has, in its order. */
export function presentColumns(names: ReadonlySet<string>): string[] {
  return TRAINING_COLUMNS.filter((name) => names.has(name));
}
