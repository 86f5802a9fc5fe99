import type { CliOutput } from '@hep/options';
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
import { inputFiles, loadSamples } from '../samples.ts';
import { chosenLayout } from '../training.ts';

/** What a resumed run may change. Files may have moved; that they are the same is checked by their content. */
const CHANGEABLE: ReadonlySet<keyof TrainOptions> = new Set([
  ...(['input', 'output'] as const),
  ...PACE_OPTIONS,
  ...FREE_OPTIONS,
]);

/** `train`, and `resume RUN`. */
export const { train: trainCommand, resume: resumeCommand } = resumableCommands({
  options: trainOptions,
  changeable: CHANGEABLE,
  earlierRun: async ({ resume }) => resume,
  start: train,
  goOn: (path, options, output) => train({ ...options, resume: path, output: path }, output),
});

async function train(options: TrainOptions, output: CliOutput): Promise<number> {
  requireScheduleParameters(options);
  chosenLayout(options);
  const inputs = await describeInputs(await inputFiles(options));
  const plan = await planRun(options.resume ?? options.output, options, inputs);
  if (plan.isFinished) {
    output.out(`finished already after epoch ${plan.earlier?.record.result?.epochs}`);
    return 0;
  }
  const samples = await loadSamples(options);
  for (const { cut, jets } of samples.removed) if (jets > 0) output.out(`${jets} jets left out by ${cut}`);
  const kind = samples.isSynthetic ? ', synthetic' : '';
  const rows = [samples.train, samples.validation, samples.test].map(({ jets }) => jets.rows);
  output.out(`${rows[0]} training, ${rows[1]} validation and ${rows[2]} test jets${kind}`);
  return stoppable(output, (signal) => runNetwork({ options, samples, plan, signal, output }));
}
