/** Training of networks with learned bits: the price of an effective bit operation, and the Pareto front. */
import type { EcoderModel } from '@hep/ecoder-models';
import type { HostState } from '@hep/engine';
import { option, UserError } from '@hep/options';
import { EBOPS } from '@hep/quant';
import { ParetoFront, parseSchedule, PidSchedule, scheduledValue, ScalarSchedule } from '@hep/training';
import type { Callback, RunDirectory, SchedulePoint } from '@hep/training';
import { z } from 'zod';

const GROUP = 'Learned bits';
const DEFAULT_BETA = '1e-7';

/** Declarations of the options of networks with learned bits. */
export const learnedBitsOptions = {
  beta: option({
    schema: z.union([z.string().min(1), z.number()]).optional(),
    describe:
      `price of an effective bit operation in the loss (default ${DEFAULT_BETA}): a number, or a schedule of points ` +
      'EPOCH:VALUE[:constant|linear|log] separated by commas',
    group: GROUP,
  }),
  ebopsTarget: option({
    schema: z.number().positive().optional(),
    describe:
      'effective bit operations of the encoder to reach; beta is where the search for their price begins',
    unit: 'EBOPs',
    group: GROUP,
  }),
  paretoEvery: option({
    schema: z.int().min(0).default(5),
    describe:
      'epochs between two measurements of the exact EMD, whose best epochs against EBOPs are kept; 0: none',
    unit: 'epochs',
    group: GROUP,
  }),
};

/** Resolved values of `learnedBitsOptions`. */
export interface LearnedBitsOptions {
  readonly beta?: string | number;
  readonly ebopsTarget?: number;
  readonly paretoEvery: number;
}

/** Scalar input of the step that weighs the cost. */
const BETA = 'beta';

/** Costs of a network's training step, by the scalar inputs that weigh them. */
export function costsOf({ learned }: EcoderModel): Readonly<Record<string, string>> {
  return learned === null ? {} : { [EBOPS]: BETA };
}

/**
 * Checks the options before any work.
 * @throws UserError for a schedule that does not parse, and for options that no network would use
 */
export function checkLearnedBits(
  models: readonly EcoderModel[],
  options: LearnedBitsOptions & { readonly restoreBest: boolean },
): void {
  const learned = models.filter((model) => model.learned !== null);
  const given = (['beta', 'ebops-target'] as const).find(
    (_, i) => [options.beta, options.ebopsTarget][i] !== undefined,
  );
  if (given !== undefined && learned.length === 0) {
    throw new UserError(
      `option --${given}: no network with learned bits is chosen; choose one such as 8x8_c8_S2_hgq_tele, or leave it away`,
    );
  }
  if (learned.length > 0 && options.restoreBest) {
    throw new UserError(
      `option --restore-best: ${learned[0].name} trades loss for bits until its last epoch; leave it away and take ` +
        'an epoch of the Pareto front',
    );
  }
  priceOf(options);
}

function priceOf({ beta = DEFAULT_BETA, ebopsTarget }: LearnedBitsOptions): readonly SchedulePoint[] {
  const points = parseSchedule(String(beta), 'option --beta');
  if (ebopsTarget !== undefined && (points.length > 1 || points[0].value === 0)) {
    throw new UserError(
      'option --beta: with --ebops-target it is where the search begins, expected one positive number',
    );
  }
  return points;
}

/** What a training with learned bits has beside the usual. */
export interface BitTraining {
  /** Scalar inputs of the step in the first epoch. */
  readonly scalars: Readonly<Record<string, number>>;
  readonly callbacks: readonly Callback[];
}

/**
 * Price, and the Pareto front of EMD against effective bit operations in `pareto/` of the run.
 * @param emdOf mean EMD of the validation modules for a training state
 */
export function bitTraining(
  options: LearnedBitsOptions,
  run: RunDirectory,
  emdOf: (state: HostState) => Promise<number>,
): BitTraining {
  const points = priceOf(options);
  const initial = scheduledValue(points, 0);
  const { ebopsTarget: target, paretoEvery: every } = options;
  const price =
    target === undefined
      ? new ScalarSchedule(BETA, points)
      : new PidSchedule({ scalar: BETA, monitor: `val_${EBOPS}`, target, initial, ...CONTROL });
  const results = { val_emd: 'min', [`val_${EBOPS}`]: 'min' } as const;
  const front = [measuredEmd(every, emdOf), new ParetoFront({ folder: run.file('pareto'), results })];
  return { scalars: { [BETA]: initial }, callbacks: [price, ...(every === 0 ? [] : front)] };
}

/** Gains for trainings of some ten epochs; HGQ's are for thousands. */
const CONTROL = { proportional: 1, integral: 0.1, warmup: 2 } as const;

/** Reports `val_emd` every so many epochs. */
function measuredEmd(every: number, emdOf: (state: HostState) => Promise<number>): Callback {
  return {
    name: 'emd',
    onEpochEnd: async (_, { epoch, readState }) =>
      epoch % every === 0 ? { logs: { val_emd: await emdOf(await readState()) } } : {},
  };
}
