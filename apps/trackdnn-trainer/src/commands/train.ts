import { join } from 'node:path';
import { command, UserError } from '@hep/options';
import type { CliOutput, Command } from '@hep/options';
import { listTrackFiles, MANIFEST } from '@hep/track-samples';
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
import { loadSamples } from '../samples.ts';

/** What a resumed run may change. Files may have moved; that they are the same is checked by their content. */
const CHANGEABLE: ReadonlySet<keyof TrainOptions> = new Set([
  ...([
    'input',
    'shards',
    'output',
    'epochs',
    'learningRate',
    'schedule',
    'patience',
    'restoreBest',
  ] as const),
  ...(['schedulePeriod', 'scheduleFactor', 'scheduleGrowth'] as const),
  ...FREE_OPTIONS,
]);

const fresh = command({
  name: 'train',
  describe:
    'Trains the network that tells true from fake tracks and writes a run directory with report and exports. ' +
    'Without --input it trains on toy tracks.',
  options: trainOptions,
  run: train,
});

/** Trains; with `--resume DIR` the options of that run count. */
export const trainCommand: Command = {
  ...fresh,
  execute: async (argv, output) => {
    const { resume } = trainOptions.parse(argv);
    return resume === undefined ? fresh.execute(argv, output) : goOn(resume, argv, [], output);
  },
};

const resumeShown = command({
  name: 'resume',
  describe: 'Goes on with a run where it stopped, with its options; as train --resume RUN.',
  options: trainOptions,
  positionals: ['resume'],
  run: train,
});

/** Goes on with a run. */
export const resumeCommand: Command = {
  ...resumeShown,
  execute: async (argv, output) => {
    const { resume } = trainOptions.parse(argv, { positionals: ['resume'] });
    return resume === undefined ? trainCommand.execute(argv, output) : goOn(resume, argv, ['resume'], output);
  },
};

async function goOn(
  path: string,
  argv: readonly string[],
  positionals: readonly 'resume'[],
  output: CliOutput,
): Promise<number> {
  const set = {
    declarations: trainOptions.declarations,
    parse: (flags: readonly string[], settings: { config: string }) =>
      trainOptions.parse(flags, { ...settings, positionals }),
  };
  const { chosen } = earlierOptions(set, CHANGEABLE, path, argv);
  return train({ ...chosen, resume: path, output: path }, output);
}

async function train(options: TrainOptions, output: CliOutput): Promise<number> {
  requireScheduleParameters(options);
  requireOneSource(options);
  const paths = await listTrackFiles(options.input);
  // The list of the shards has the checksums of all of them.
  const inputs = await describeInputs(
    options.shards === undefined ? paths : [join(options.shards, MANIFEST)],
  );
  const earlier = options.resume === undefined ? null : await openRunDirectory(options.resume);
  if (earlier === null) await requireFree(options.output, options.force);
  else requireSameInputs(earlier.record.inputs, inputs);
  if (earlier !== null && isFinished(earlier.record, options)) {
    output.out(`finished already after epoch ${earlier.record.result?.epochs}`);
    return 0;
  }
  const samples = await loadSamples(options, paths);
  if (samples.dropped > 0) output.out(`${samples.dropped} tracks left out: values that cannot be used`);
  const { training, validation, test, isSynthetic } = samples;
  output.out(
    `${training.rows} training, ${validation.rows} validation and ${test.rows} test tracks${isSynthetic ? ', synthetic' : ''}`,
  );
  return stoppable(output, (signal) => runNetwork({ options, samples, inputs, earlier, signal, output }));
}

/** @throws UserError for options that exclude each other */
function requireOneSource({ shards, input, balanceClasses }: TrainOptions): void {
  if (shards === undefined) return;
  if (input.length > 0) throw new UserError('options --shards and --input: give one of them');
  if (balanceClasses) {
    throw new UserError('option --balance-classes: tracks of --shards are drawn once; leave it away');
  }
}
