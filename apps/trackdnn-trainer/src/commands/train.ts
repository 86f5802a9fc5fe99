import { UserError } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { listSampleFiles, manifestPath } from '@hep/track-samples';
import { describeInputs } from '@hep/training';
import {
  FREE_OPTIONS,
  PACE_OPTIONS,
  planRun,
  requireScheduleParameters,
  resumableCommands,
  stoppable,
} from '@hep/training-command';
import { trainOptions } from '../options.ts';
import type { TrainOptions } from '../options.ts';
import { runNetwork } from '../run-network.ts';
import type { TrackContext } from '../run-network.ts';
import { loadSamples } from '../samples.ts';

/** What a resumed run may change. Files may have moved; that they are the same is checked by their content. */
const CHANGEABLE: ReadonlySet<keyof TrainOptions> = new Set([
  ...(['input', 'shards', 'windowThreads', 'output', 'treeCut'] as const),
  ...PACE_OPTIONS,
  ...FREE_OPTIONS,
]);

/** `train`, and `resume RUN`. */
export const { train: trainCommand, resume: resumeTrainingCommand } = resumableCommands({
  options: trainOptions,
  changeable: CHANGEABLE,
  earlierRun: async ({ resume }) => resume,
  start: train,
  goOn: (path, options, output) => train({ ...options, resume: path, output: path }, output),
});

/**
 * Trains, or goes on with a training.
 * @param upTo how far: `trained` leaves the run without report and exports
 * @returns the exit code
 */
export async function train(
  options: TrainOptions,
  output: CliOutput,
  upTo: TrackContext['upTo'] = 'finished',
): Promise<number> {
  requireScheduleParameters(options);
  requireOneSource(options);
  const files = await listSampleFiles(options.input);
  // The list of the shards has the checksums of all of them.
  const inputs = await describeInputs(
    options.shards === undefined ? files.map(({ path }) => path) : [await manifestPath(options.shards)],
  );
  const plan = await planRun(options.resume ?? options.output, options, inputs);
  if (plan.isFinished) {
    output.out(`finished already after epoch ${plan.earlier?.record.result?.epochs}`);
    return 0;
  }
  const samples = await loadSamples(options, files);
  if (samples.dropped > 0) output.out(`${samples.dropped} tracks left out: values that cannot be used`);
  const { training, validation, test, isSynthetic } = samples;
  output.out(
    `${training.rows} training, ${validation.rows} validation and ${test.rows} test tracks${isSynthetic ? ', synthetic' : ''}`,
  );
  return stoppable(output, (signal) => runNetwork({ options, samples, plan, upTo, signal, output }));
}

/** @throws UserError for options that exclude each other */
export function requireOneSource({ shards, input }: Pick<TrainOptions, 'shards' | 'input'>): void {
  if (shards !== undefined && input.length > 0)
    throw new UserError('options --shards and --input: give one of them');
}
