/** What the network sees, before and after the scaling of `build`. */
import type { ColumnTable } from '@hep/datasets/columns';
import { histogram } from '@hep/figures';
import type { Figure, ReportSection } from '@hep/figures';
import { binEdges, normalised, quantiles, weightedHistogram } from '@hep/statistics';
import { flatNumbers } from '@hep/datasets/columns';
import { MAIN_CLASSES } from './names.ts';

/** Limits of pT that `build` scaled with: scaled pT = (pT - least) / (most - least). */
export interface PtScale {
  readonly leastGeV: number;
  readonly mostGeV: number;
}

/** Limits that `build` uses unless told otherwise. */
const USUAL_SCALE: PtScale = { leastGeV: 0, mostGeV: 500 };

interface Feature {
  readonly column: string;
  /** Column that is 0 where a jet has no such object; absent: every jet has it. */
  readonly presence?: string;
  /** Axis titles; may use Plotly markup. */
  readonly before: string;
  readonly after: string;
  readonly unscaled: (value: number, scale: PtScale) => number;
}

const PT = 'p<sub>T</sub>';
const ptGeV = (value: number, { leastGeV, mostGeV }: PtScale) => leastGeV + value * (mostGeV - leastGeV);
/** `build` divides the position along the beam by this many mm. */
const Z0_UNIT_MM = 250;

const SCALED: readonly Feature[] = [
  { column: 'jet_pt', before: `Jet ${PT} [GeV]`, after: `Jet ${PT}, scaled`, unscaled: ptGeV },
  {
    column: 'clus_pt_0',
    presence: 'clus_pt_0',
    before: `Leading cluster ${PT} [GeV]`,
    after: `Leading cluster ${PT}, scaled`,
    unscaled: ptGeV,
  },
  {
    column: 'track_pt_0',
    presence: 'track_pt_0',
    before: `Leading track ${PT} [GeV]`,
    after: `Leading track ${PT}, scaled`,
    unscaled: ptGeV,
  },
  {
    column: 'track_z0_0',
    presence: 'track_pt_0',
    before: 'Leading track z<sub>0</sub> [mm]',
    after: 'Leading track z<sub>0</sub>, scaled',
    unscaled: (value) => value * Z0_UNIT_MM,
  },
];

const UNSCALED = [
  {
    column: 'clus_l1hcal_0',
    presence: 'clus_pt_0',
    title: 'Leading cluster, part of the energy in HCAL layer 1',
  },
  {
    column: 'clus_l2ecal_0',
    presence: 'clus_pt_0',
    title: 'Leading cluster, part of the energy in ECAL layer 2',
  },
  { column: 'clus_time_0', presence: 'clus_pt_0', title: 'Leading cluster, time [ns]' },
  { column: 'MSeg_t0_0', presence: 'MSeg_t0_0', title: 'First muon segment, t<sub>0</sub> [ns]' },
] as const;

/** What this section reads of a main sample. */
export const INPUT_COLUMNS: readonly string[] = [
  ...new Set([
    ...['label', 'mcEventWeight'],
    ...[...SCALED, ...UNSCALED].flatMap(({ column, presence = column }) => [column, presence]),
  ]),
];

/** Part of the jets beyond each end of an axis. */
const BEYOND = 0.002;

/** Distributions of a main sample by class, weighted, each with an integral of 1. Columns that it lacks are left out. */
export function inputsSection(main: ColumnTable, scale: PtScale = USUAL_SCALE): ReportSection {
  const has = ({ column }: { column: string }) => main.columns.has(column);
  return {
    heading: 'Inputs',
    text:
      `Main sample by class, before the scaling of build, if its limits were ${scale.leastGeV} and ${scale.mostGeV} GeV, and after it. ` +
      'Jets without the object are left out, as are 0.2 % of the jets at either end.',
    figures: [
      ...SCALED.filter(has).flatMap((feature) => [
        {
          figure: byClass(main, { ...feature, title: feature.before }, (value) =>
            feature.unscaled(value, scale),
          ),
          caption: `${feature.column} before scaling.`,
        },
        {
          figure: byClass(main, { ...feature, title: feature.after }, (value) => value),
          caption: `${feature.column} as the network sees it.`,
        },
      ]),
      ...UNSCALED.filter(has).map((feature) => ({
        figure: byClass(main, feature, (value) => value),
        caption: `${feature.column} as the network sees it.`,
      })),
    ],
  };
}

interface Shown {
  readonly column: string;
  readonly presence?: string;
  readonly title: string;
}

function byClass(
  table: ColumnTable,
  { column, presence, title }: Shown,
  value: (v: number) => number,
): Figure {
  const numbers = (name: string) => flatNumbers(table, name, 'main sample');
  const label = numbers('label');
  const weight = numbers('mcEventWeight');
  const values = numbers(column);
  const present = presence === undefined ? undefined : numbers(presence);
  const rows = Array.from(values.keys()).filter((row) => present === undefined || present[row] !== 0);
  const [min, max] = quantiles(
    rows.map((row) => value(values[row])),
    [BEYOND, 1 - BEYOND],
  );
  const edges = binEdges({ bins: 50, ...(max > min ? { min, max } : { min: min - 0.5, max: min + 0.5 }) });
  const series = MAIN_CLASSES.map((name, kind) => {
    const own = rows.filter((row) => label[row] === kind);
    const filled = weightedHistogram(
      own.map((row) => value(values[row])),
      edges,
      own.map((row) => weight[row]),
    );
    return { name, counts: normalised(filled, { density: true }).contents };
  });
  return histogram({ edges, series, xTitle: title, yTitle: 'Density', logY: true });
}
