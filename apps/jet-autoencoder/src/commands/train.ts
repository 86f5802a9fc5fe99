import type { CliOutput } from '@hep/options';
import { describeInputs, openRunDirectory, requireFree, requireSameInputs } from '@hep/training';
import {
  FREE_OPTIONS,
  isFinished,
  requireScheduleParameters,
  resumableCommands,
  stoppable,
} from '@hep/training-command';
import { trainOptions } from '../options.ts';
import type { TrainOptions } from '../options.ts';
import { runNetwork } from '../run-network.ts';
import { inputFiles, loadSamples } from '../samples.ts';
import { chosenLayout } from '../training.ts';

/** What a resumed run may change. Files may have moved; that they are the same is checked by their content. */
const CHANGEABLE: ReadonlySet<keyof TrainOptions> = new Set([
  ...(['input', 'output', 'epochs', 'learningRate', 'schedule', 'patience'] as const),
  ...(['schedulePeriod', 'scheduleFactor', 'scheduleGrowth'] as const),
  ...FREE_OPTIONS,
]);

/** `train`, and `resume RUN`. */
export const { train: trainCommand, resume: resumeCommand } = resumableCommands({
  describe:
    'Trains an autoencoder of jets and writes a run directory with report and exports. Without --input it trains on toy jets.',
  options: trainOptions,
  changeable: CHANGEABLE,
  earlierRun: async ({ resume }) => resume,
  start: train,
  goOn: (path, options, output) => train({ ...options, resume: path, output: path }, output),
});

async function train(options: TrainOptions, output: CliOutput): Promise<number> {
  requireScheduleParameters(options);
  chosenLayout(options);
  const { resume } = options;
  const inputs = await describeInputs(await inputFiles(options));
  const earlier = resume === undefined ? null : await openRunDirectory(resume);
  if (earlier === null) await requireFree(options.output, options.force);
  else requireSameInputs(earlier.record.inputs, inputs);
  if (earlier !== null && isFinished(earlier.record, options)) {
    output.out(`finished already after epoch ${earlier.record.result?.epochs}`);
    return 0;
  }
  const samples = await loadSamples(options);
  for (const { cut, jets } of samples.removed) if (jets > 0) output.out(`${jets} jets left out by ${cut}`);
  const kind = samples.isSynthetic ? ', synthetic' : '';
  const rows = [samples.train, samples.validation, samples.test].map(({ jets }) => jets.rows);
  output.out(`${rows[0]} training, ${rows[1]} validation and ${rows[2]} test jets${kind}`);
  return stoppable(output, (signal) => runNetwork({ options, samples, inputs, earlier, signal, output }));
}
