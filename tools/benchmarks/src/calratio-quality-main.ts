/** The jet tagger with our recipe and with the reference's in Keras, on the same toy jets. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atomicWrite } from '@hep/files';
import { command, defineOptions, option, runCli } from '@hep/options';
import { z } from 'zod';
import { writeJetsOf } from './calratio-quality/data.ts';
import { jetTable } from './calratio-quality/outcome.ts';
import type { JetOutcome } from './calratio-quality/outcome.ts';
import { REFERENCE, trainOurs, trainReference } from './calratio-quality/train.ts';
import type { JetSetting } from './calratio-quality/train.ts';
import { pythonLaunch } from './peer-python.ts';

const count = z.int().min(1);

const options = defineOptions({
  output: option({
    schema: z.string().default('runs/calratio-quality'),
    describe: 'folder of jets, trainings and table; finished trainings there are not repeated',
    alias: 'o',
  }),
  rows: option({ schema: count.default(12_000), describe: 'jets of the main sample', unit: 'jets' }),
  controlRows: option({ schema: count.default(20_000), describe: 'control region jets', unit: 'jets' }),
  testRows: option({
    schema: count.default(20_000),
    describe: 'further jets of each sample to test on',
    unit: 'jets',
  }),
  seeds: option({ schema: count.default(3), describe: 'trainings of each recipe', unit: 'seeds' }),
  firstSeed: option({ schema: count.default(1), describe: 'seed of the first jets and trainings' }),
  epochs: option({ schema: count.default(50), describe: 'epochs of our trainings', unit: 'epochs' }),
  referenceEpochs: option({
    schema: count.default(25),
    describe: 'epochs of the reference’s recipe, whose mini-batches are smaller',
    unit: 'epochs',
  }),
  splits: option({
    schema: count.default(50),
    describe: 'mini-batches in an epoch of the reference’s recipe (its default)',
  }),
  weights: option({
    schema: z.array(z.number().min(0)).default([10]),
    describe: 'adversary weights of our recipe; several give the trade between AUC and K-S distance',
  }),
  reference: option({ schema: z.boolean().default(true), describe: 'train the reference’s recipe' }),
  flag: option({
    schema: z.array(z.string()).default([]),
    describe: 'further flags of calratio-trainer train',
  }),
  smoke: option({ schema: z.boolean().default(false), describe: 'one epoch, to see that everything works' }),
});

const quality = command({
  options,
  run: async (chosen, { out }) => {
    const folder = resolve(chosen.output);
    const setting: JetSetting = {
      folder,
      counts: { main: chosen.rows, control: chosen.controlRows, test: chosen.testRows },
      epochs: chosen.smoke ? 1 : chosen.epochs,
      referenceEpochs: chosen.smoke ? 1 : chosen.referenceEpochs,
      splits: chosen.smoke ? 4 : chosen.splits,
      peer: pythonLaunch({ script: 'keras_calratio_recipe.py', module: 'keras' }, 1),
      program: {
        command: process.execPath,
        arguments: [fileURLToPath(new URL('../../../apps/calratio-trainer/dist/main.js', import.meta.url))],
      },
      flags: chosen.flag,
    };
    const outcomes: JetOutcome[] = [];
    for (let seed = chosen.firstSeed; seed < chosen.firstSeed + chosen.seeds; seed++) {
      const jets = await writeJetsOf(seed, setting.counts, join(folder, `jets-${seed}`));
      const trainings = [
        ...(chosen.reference ? [{ side: REFERENCE, train: () => trainReference(seed, jets, setting) }] : []),
        ...chosen.weights.map((weight) => {
          const side = `ours, adversary weight ${weight}`;
          return {
            side,
            train: () => trainOurs(side, seed, jets, setting, ['--adversary-weight', String(weight)]),
          };
        }),
      ];
      for (const { side, train } of trainings) {
        const outcome = await once(join(folder, 'outcomes'), side, seed, train);
        outcomes.push(outcome);
        const { auc, ksSum, cpuSeconds } = outcome;
        out(
          `${side}, seed ${seed}: AUC ${auc.toFixed(4)}, K-S sum ${ksSum.toFixed(3)}, ${cpuSeconds.toFixed(0)} CPU s`,
        );
      }
    }
    await atomicWrite(join(folder, 'outcomes.json'), `${JSON.stringify(outcomes, null, 1)}\n`);
    out(jetTable(outcomes));
  },
});

/** The outcome of a training, from an earlier call if it finished there. */
async function once(
  folder: string,
  side: string,
  seed: number,
  train: () => Promise<JetOutcome>,
): Promise<JetOutcome> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${side.replace(/\W+/g, '-')}-${seed}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as JetOutcome;
  const outcome = await train();
  await atomicWrite(path, JSON.stringify(outcome));
  return outcome;
}

const program = {
  name: 'benchmarks',
  version: '0.1.0',
  commands: [
    {
      name: 'calratio-quality',
      describe:
        'Trains the jet tagger with the reference’s recipe in Keras and with ours, one core each, in turn.',
      load: async () => quality,
    },
  ],
};
process.exitCode = await runCli(program, ['calratio-quality', ...process.argv.slice(2)]);
