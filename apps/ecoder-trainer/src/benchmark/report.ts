/** The comparison as a report: what bits buy, where each algorithm is good, and all numbers. */
import { MIP_T, optionsSection, profile as profileFigure, renderReport, tradeOff } from '@hep/figures';
import type { Figure, ReportSection, ReportTable, TradeOffSeries } from '@hep/figures';
import { AMBIGUOUS_BEST_CHOICE, BUFFERED_THRESHOLD, THRESHOLD } from './conventional.ts';
import { recipes } from './recipes.ts';
import { spreadMetrics } from './scores.ts';
import type { BenchmarkData, BenchmarkRow } from './table.ts';

const EMD_TITLE = 'EMD [sensor cells]';
/** Networks in a figure of profiles, which would be crowded with more. */
const MOST_NETWORKS = 3;

/** What the report tells. */
export interface BenchmarkReport extends BenchmarkData {
  readonly rows: readonly BenchmarkRow[];
  /** Option names and values as resolved. */
  readonly options: readonly (readonly [string, string])[];
}

/** Self-contained HTML report. */
export function benchmarkReport({ rows, options, ...data }: BenchmarkReport): string {
  return renderReport({
    title: 'Compression of trigger cells',
    subtitle: data.isSynthetic
      ? 'Synthetic toy modules: the scores compare algorithms with each other, they say nothing about the detector.'
      : 'The algorithms of the HGCAL concentrator chip and autoencoders on the same modules',
    facts: [
      ['Modules', data.modules],
      ['Training modules', data.trainingModules],
      ['Data', data.isSynthetic ? 'synthetic' : 'files'],
      ['Seed', data.seed],
      ...epochFacts(rows),
      ...bestFacts(rows),
    ],
    sections: [costs(rows), occupancies(rows), table(rows), optionsSection(options)],
  });
}

/** How long the networks were trained, as far as it is known. */
function epochFacts(rows: readonly BenchmarkRow[]): (readonly [string, string])[] {
  const epochs = rows.map(({ network }) => network?.epochs ?? NaN).filter((count) => Number.isFinite(count));
  const [least, most] = [Math.min(...epochs), Math.max(...epochs)];
  if (epochs.length === 0) return [];
  return [['Epochs of the networks', least === most ? String(most) : `${least} to ${most}`]];
}

/** The smallest mean EMD at each number of eLinks. */
function bestFacts(rows: readonly BenchmarkRow[]): (readonly [string, string])[] {
  return eLinksOf(rows).map((eLinks) => {
    const best = sorted(rows.filter((row) => row.eLinks === eLinks && isSent(row)))[0];
    return [`Best on ${eLinks} eLinks`, `${best.name}: ${best.scores.emd.mean.toFixed(3)}`] as const;
  });
}

/** eLinks at which several algorithms compete. */
function eLinksOf(rows: readonly BenchmarkRow[]): number[] {
  const numbers = rows.filter(({ kind, name }) => kind === 'chip' && name === 'best choice');
  return numbers.map(({ eLinks }) => eLinks!).sort((a, b) => a - b);
}

/** Whether a row belongs into the figures: it has bits, and nothing is lost on the way. */
function isSent({ name, bitsPerModule, kind }: BenchmarkRow): boolean {
  const isLossy = name === BUFFERED_THRESHOLD || name === AMBIGUOUS_BEST_CHOICE;
  return Number.isFinite(bitsPerModule) && kind !== 'baseline' && !isLossy;
}

function sorted(rows: readonly BenchmarkRow[]): BenchmarkRow[] {
  return [...rows].sort((a, b) => a.scores.emd.mean - b.scores.emd.mean);
}

function costs(rows: readonly BenchmarkRow[]): ReportSection {
  const names = [...new Set(rows.filter(isSent).map(({ name }) => name))];
  const variants = new Map<string, number>();
  const series = names.map((name): TradeOffSeries => {
    const points = rows.filter((row) => isSent(row) && row.name === name);
    points.sort((a, b) => a.bitsPerModule - b.bitsPerModule);
    const family = familyOf(points[0]);
    const variant = variants.get(family) ?? 0;
    variants.set(family, variant + 1);
    const emd = points.map(({ scores }) => scores.emd);
    return {
      name,
      family,
      variant,
      costs: points.map(({ bitsPerModule }) => bitsPerModule),
      medians: emd.map(({ median }) => median),
      q16: emd.map((values) => values.q16),
      q84: emd.map((values) => values.q84),
    };
  });
  const levels = rows
    .filter(({ name }) => name === 'mean pattern' || name === recipes['float-tele'].label)
    .map(({ name, scores }) => ({ name, median: scores.emd.median }));
  const figure = tradeOff({ series, levels, xTitle: 'Bits of a module', yTitle: EMD_TITLE });
  return {
    heading: 'What bits buy',
    text:
      'Exact earth mover’s distance between the charges before and after; one unit is a sensor cell, trigger cells are ' +
      'two apart. Markers are medians, bars reach to the 16 % and 84 % quantiles. Conventional algorithms are sent in ' +
      'the formats of the chip and decoded again; an eLink has 32 bits. The threshold sends as many bits as a module ' +
      'needs, here on links that are wide enough. Super trigger cells of four do not all fit on fewer than 3 (CTC4_7), ' +
      '4 (STC4_7) or 5 (STC4_9) eLinks; what does not fit is lost. Best choice sends zero charges in their places, too; ' +
      'the emulator of the chip leaves them out, and charges and addresses of modules with few charges cannot be ' +
      'matched any more (in the table). Dashed lines have no format.',
    figures: [{ figure, caption: 'Less distance for fewer bits is better.', wide: true }],
  };
}

function familyOf({ name, kind }: BenchmarkRow): string {
  if (kind === 'network') return 'ae';
  if (/^[SC]TC/.test(name)) return 'stc';
  if (name.startsWith('threshold')) return 'thr_lo';
  return name === 'best choice' ? 'bc' : name;
}

function occupancies(rows: readonly BenchmarkRow[]): ReportSection {
  return {
    heading: 'Where the algorithms are good',
    text:
      'The same distance against the number of trigger cells above 1 MIP_T before, at each number of eLinks: of the ' +
      'super trigger cells the best type, of the autoencoders the best three. “Autoencoder” is the best one.',
    figures: eLinksOf(rows).map((eLinks) => occupancyFigure(rows, eLinks)),
  };
}

function occupancyFigure(rows: readonly BenchmarkRow[], eLinks: number) {
  const here = sorted(rows.filter((row) => row.eLinks === eLinks && isSent(row)));
  const networks = here.filter(({ kind }) => kind === 'network').slice(0, MOST_NETWORKS);
  const first = (family: string) => here.filter((row) => row.kind === 'chip' && familyOf(row) === family)[0];
  const threshold = rows.find((row) => row.kind === 'chip' && row.name === THRESHOLD);
  const shown = [
    ['ae', networks[0]],
    ['stc', first('stc')],
    ['bc', first('bc')],
    ['thr_lo', threshold],
    ...networks.slice(1).map((row) => [row.name, row] as const),
  ] as const;
  const present = shown.filter((entry): entry is readonly [string, BenchmarkRow] => entry[1] !== undefined);
  const stc = first('stc')?.name ?? 'none';
  return {
    figure: occupancyProfile(present),
    caption: `${eLinks} eLinks, ${32 * eLinks} bits. Autoencoder: ${networks[0]?.name ?? 'none'}. Super trigger cells: ${stc}. The threshold takes as many bits as it needs.`,
    wide: true,
  };
}

function occupancyProfile(shown: readonly (readonly [string, BenchmarkRow])[]): Figure {
  return profileFigure({
    series: shown.map(([name, { scores }]) => {
      const { centres, median, lowerError, upperError, counts } = scores.byOccupancy;
      return { name, centres, medians: median, lowErrors: lowerError, highErrors: upperError, counts };
    }),
    xTitle: `Trigger cells above 1 ${MIP_T}`,
    yTitle: EMD_TITLE,
  });
}

function table(rows: readonly BenchmarkRow[]): ReportSection {
  return {
    heading: 'Tables',
    text:
      'Scores leave out modules without charge on either side, whose number is given (empty). chip: in the formats of the ' +
      'chip. float: charges as they are, without a format. cut: modules that a full buffer did not send. energy: charge ' +
      'of all modules after over before. All numbers in full precision: benchmark.csv, benchmark.json.',
    tables: [distances(rows), otherScores(rows), networks(rows)],
  };
}

const head = ['algorithm', 'numbers', 'eLinks'];
const headOf = ({ name, kind, eLinks }: BenchmarkRow) => [name, kind, eLinks ?? NaN];

function distances(rows: readonly BenchmarkRow[]): ReportTable {
  return {
    caption: 'Earth mover’s distance [sensor cells].',
    columns: [...head, 'bits', 'mean', '±', 'median', '16 %', '84 %', '95 %', 'empty', 'cut'],
    rows: rows.map((row) => {
      const { emd, emptyInputs, emptyOutputs } = row.scores;
      const values = [emd.mean, emd.std, emd.median, emd.q16, emd.q84, emd.p95];
      return [...headOf(row), row.bitsPerModule, ...values, emptyInputs + emptyOutputs, row.cutModules];
    }),
  };
}

function otherScores(rows: readonly BenchmarkRow[]): ReportTable {
  return {
    caption: 'Other metrics, mean and standard deviation.',
    columns: [...head, ...spreadMetrics.flatMap((metric) => [metric, '±']), 'zero', 'energy'],
    rows: rows.map((row) => {
      const { metrics, zeroFraction, energyRatio } = row.scores;
      const values = spreadMetrics.flatMap((metric) => [metrics[metric].mean, metrics[metric].std]);
      return [...headOf(row), ...values, zeroFraction, energyRatio];
    }),
  };
}

function networks(rows: readonly BenchmarkRow[]): ReportTable {
  return {
    caption: 'Encoders.',
    columns: [...head, 'parameters', 'FLOPs', 'weight bits', 'epochs', 'training [s]', 'EMD'],
    rows: rows.flatMap((row) => {
      const { network, scores } = row;
      if (network === null) return [];
      const { encoderParameters, encoderFlops, weightBits, epochs, seconds } = network;
      return [
        [...headOf(row), encoderParameters, encoderFlops, weightBits, epochs, seconds, scores.emd.mean],
      ];
    }),
  };
}
