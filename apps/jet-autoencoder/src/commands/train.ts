import { command } from '@hep/options';
import type { CliOutput, Command } from '@hep/options';
import { describeInputs, openRunDirectory, requireFree, requireSameInputs } from '@hep/training';
import {
  earlierOptions,
  FREE_OPTIONS,
  isFinished,
  requireScheduleParameters,
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

const fresh = command({
  name: 'train',
  describe:
    'Trains an autoencoder of jets and writes a run directory with report and exports. Without --input it trains on toy jets.',
  options: trainOptions,
  run: train,
});

/** Trains; with `--resume DIR` the options of that run count. */
export const trainCommand: Command = {
  ...fresh,
  execute: async (argv, output) => {
    const { resume } = trainOptions.parse(argv);
    if (resume === undefined) return fresh.execute(argv, output);
    const { chosen } = earlierOptions(trainOptions, CHANGEABLE, resume, argv);
    return train({ ...chosen, resume, output: resume }, output);
  },
};

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
  output.out(`${samples.train.jets.rows} training and ${samples.test.jets.rows} test jets${kind}`);
  return stoppable(output, (signal) => runNetwork({ options, samples, inputs, earlier, signal, output }));
}
