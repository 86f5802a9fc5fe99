/** The epochs of runs that are best by one measure or another (spec 10.4). */
import type { ReportSection } from '@hep/figures';
import { OUTPUTS } from '@hep/calratio-training';
import { ksColumn, valuesOf } from './history-columns.ts';
import type { RunResults } from './run-results.ts';

/** A measure of an epoch. */
interface Criterion {
  readonly reason: string;
  /** [epochs], NaN where an epoch lacks it. */
  readonly values: (run: RunResults) => readonly number[];
  readonly best: 'largest' | 'smallest';
}

const column = (name: string) => (run: RunResults) => valuesOf(run.history, name);

/** K-S sum over outputs and bins of pT. */
const ksSum = ({ history }: RunResults): number[] => {
  const outputs = OUTPUTS.map((output) => valuesOf(history, ksColumn(output)));
  return history.map((_, epoch) => outputs.reduce((sum, values) => sum + values[epoch], 0));
};

const CRITERIA: readonly Criterion[] = [
  { reason: 'best main loss', values: column('val_mainLoss'), best: 'smallest' },
  // The tagger wants the adversary to be wrong: the reference took the smallest.
  { reason: 'best adversary loss', values: column('val_adversaryLoss'), best: 'largest' },
  { reason: 'best discriminator loss', values: column('discriminatorLoss'), best: 'smallest' },
  { reason: 'best K-S sum', values: ksSum, best: 'smallest' },
];

/** Epochs of each criterion and run. */
const EPOCHS = 2;

/** One row of the table. */
export interface BestEpoch {
  readonly run: string;
  readonly reason: string;
  /** From 1. */
  readonly epoch: number;
  readonly mainLoss: number;
  readonly ksSum: number;
  readonly adversaryLoss: number;
  readonly discriminatorLoss: number;
}

/** The two best epochs of each run by each criterion, and the one that the run chose; smallest main loss first. */
export function bestEpochs(runs: readonly RunResults[]): BestEpoch[] {
  return runs
    .flatMap((run) => {
      const rowOf = (reason: string, index: number): BestEpoch => ({
        run: run.name,
        reason,
        epoch: run.history[index].epoch,
        mainLoss: column('val_mainLoss')(run)[index],
        ksSum: ksSum(run)[index],
        adversaryLoss: column('val_adversaryLoss')(run)[index],
        discriminatorLoss: column('discriminatorLoss')(run)[index],
      });
      const chosen = run.history.findIndex(({ epoch }) => epoch === run.bestEpoch);
      return [
        ...CRITERIA.flatMap(({ reason, values, best }) =>
          bestIndices(values(run), best).map((index) => rowOf(reason, index)),
        ),
        ...(chosen < 0 ? [] : [rowOf('choice of the run', chosen)]),
      ];
    })
    .sort((a, b) => a.mainLoss - b.mainLoss);
}

/** Indices of the best values, best first; the earlier of equal ones first, NaN never. */
export function bestIndices(values: readonly number[], best: 'largest' | 'smallest'): number[] {
  const sign = best === 'smallest' ? 1 : -1;
  return values
    .flatMap((value, index) => (Number.isNaN(value) ? [] : [index]))
    .sort((a, b) => sign * (values[a] - values[b]))
    .slice(0, EPOCHS);
}

/** Table of the best epochs. */
export function bestEpochsSection(runs: readonly RunResults[]): ReportSection {
  return {
    heading: 'Best epochs',
    text:
      'The two best epochs of each run by each measure on the validation jets, and the one whose weights the run kept. ' +
      'The tagger raises the loss of the adversary, so that its largest value is the best. The discriminator loss is that ' +
      'of the adversary in its own steps on training jets.',
    tables: [
      {
        columns: ['run', 'reason', 'epoch', 'main loss', 'K-S sum', 'adversary loss', 'discriminator loss'],
        rows: bestEpochs(runs).map((row) => [
          row.run,
          row.reason,
          row.epoch,
          row.mainLoss,
          row.ksSum,
          row.adversaryLoss,
          row.discriminatorLoss,
        ]),
      },
    ],
  };
}
