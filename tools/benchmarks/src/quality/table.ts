/** Trainings of several seeds as one row for each recipe. */
import { timeTo } from './outcome.ts';
import type { Outcome } from './outcome.ts';

/** The reference's recipe that ours is held against. */
const REFERENCES = ['telescope', 'EMD network'] as const;

export interface QualityRow {
  readonly side: string;
  readonly recipe: string;
  readonly seeds: number;
  /** Median, lowest and highest of the mean EMD over the seeds. */
  readonly emd: Spread;
  readonly epochs: Spread;
  readonly wallSeconds: Spread;
  readonly cpuSeconds: Spread;
  /** Against the reference's recipe: ratio of the median EMD. */
  readonly emdRatio: Readonly<Record<string, number>>;
  /**
   * Against the reference's recipe: wall time until the EMD that the reference ends with, as a share of the CPU time of
   * the reference's epochs, seed by seed; null when a seed does not get there. CPU time, since on one core it is the wall
   * time that the reference takes at least. Absent where the reference is compared with itself.
   */
  readonly timeRatio: Readonly<Record<string, Spread | null>>;
}

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** One row for each recipe, in order of appearance. */
export function qualityTable(outcomes: readonly Outcome[]): QualityRow[] {
  const keyOf = ({ side, recipe }: Outcome) => `${side}: ${recipe}`;
  const references = REFERENCES.flatMap((name) => {
    const runs = outcomes.filter(({ side, recipe }) => side === 'QKeras' && recipe === name);
    return runs.length === 0 ? [] : [{ name, runs }];
  });
  return [...new Set(outcomes.map(keyOf))].map((key) => {
    const runs = outcomes.filter((outcome) => keyOf(outcome) === key);
    const emd = spread(runs.map((run) => run.emd));
    const against = <T>(value: (reference: readonly Outcome[]) => T) =>
      Object.fromEntries(references.map(({ name, runs: reference }) => [name, value(reference)]));
    return {
      side: runs[0]!.side,
      recipe: runs[0]!.recipe,
      seeds: runs.length,
      emd,
      epochs: spread(runs.map(({ epochs }) => epochs)),
      wallSeconds: spread(runs.map(({ wallSeconds }) => wallSeconds)),
      cpuSeconds: spread(runs.map(({ cpuSeconds }) => cpuSeconds)),
      emdRatio: against((reference) => emd.median / spread(reference.map((run) => run.emd)).median),
      timeRatio: runs[0]!.side === 'QKeras' ? {} : against((reference) => timeRatios(runs, reference)),
    };
  });
}

function timeRatios(runs: readonly Outcome[], reference: readonly Outcome[]): Spread | null {
  const ratios = runs.flatMap((run) => {
    const twin = reference.find(({ seed }) => seed === run.seed);
    if (twin === undefined) return [];
    const time = timeTo(twin.emd, run.curve);
    return [time === null ? Infinity : time / twin.cpuSeconds];
  });
  return ratios.length === 0 || ratios.includes(Infinity) ? null : spread(ratios);
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    lowest: sorted[0]!,
    highest: sorted.at(-1)!,
  };
}

/** Titles of the columns. */
export const TITLES: readonly string[] = [
  ...['side', 'loss', 'seeds', 'EMD', 'epochs', 'wall s', 'CPU s'],
  ...['EMD ratio', 'time ratio'].flatMap((what) => REFERENCES.map((name) => `${what}, ${name}`)),
];

/** Texts of a row: medians with their ranges; `-` where there is nothing to compare with. */
export function tableCells(row: QualityRow): string[] {
  const range = ({ median, lowest, highest }: Spread, digits: number) =>
    `${median.toFixed(digits)} (${lowest.toFixed(digits)}-${highest.toFixed(digits)})`;
  return [
    row.side,
    row.recipe,
    String(row.seeds),
    range(row.emd, 3),
    range(row.epochs, 0),
    range(row.wallSeconds, 0),
    range(row.cpuSeconds, 0),
    ...REFERENCES.map((name) => row.emdRatio[name]?.toFixed(2) ?? '-'),
    ...REFERENCES.map((name) => {
      const ratio = row.timeRatio[name];
      return ratio === undefined ? '-' : ratio === null ? 'not by all' : range(ratio, 2);
    }),
  ];
}

/** The table in Markdown. */
export function markdownTable(rows: readonly QualityRow[]): string {
  const line = (values: readonly string[]) => `| ${values.join(' | ')} |`;
  return [line(TITLES), line(TITLES.map(() => '---')), ...rows.map((row) => line(tableCells(row)))].join(
    '\n',
  );
}
