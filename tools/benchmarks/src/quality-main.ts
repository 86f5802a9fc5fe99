/** Quality of trained encoders, and the time it takes, beside the reference's recipes in QKeras. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atomicWrite } from '@hep/files';
import { command, defineOptions, option, runCli } from '@hep/options';
import { z } from 'zod';
import { pythonLaunch } from './peer-python.ts';
import { writeData } from './quality/data.ts';
import type { Outcome } from './quality/outcome.ts';
import { needsEmdNetwork, recipes } from './quality/recipes.ts';
import type { Recipe } from './quality/recipes.ts';
import { qualityReport } from './quality/quality-report.ts';
import { markdownTable, qualityTable } from './quality/table.ts';
import { train } from './quality/train.ts';
import type { Setting } from './quality/train.ts';

const options = defineOptions({
  output: option({
    schema: z.string().default('runs/quality'),
    describe: 'folder of data, trainings and table; finished trainings there are not repeated',
    alias: 'o',
  }),
  rows: option({
    schema: z.int().min(2000).default(40_000),
    describe: 'synthetic modules, the first fifth for validation',
    unit: 'modules',
  }),
  seeds: option({ schema: z.int().min(1).default(5), describe: 'trainings of each recipe', unit: 'seeds' }),
  firstSeed: option({ schema: z.int().min(1).default(1), describe: 'seed of the first training' }),
  threads: option({ schema: z.int().min(1).default(1), describe: 'cores for each training' }),
  emdNetwork: option({
    schema: z.string().optional(),
    describe: 'Keras HDF5 file of an EMD network for both sides; without it those recipes are left out',
  }),
  smoke: option({ schema: z.boolean().default(false), describe: 'few epochs, to see that everything works' }),
});

const quality = command({
  options,
  run: async ({ output, rows, seeds, firstSeed, threads, emdNetwork, smoke }, { out }) => {
    const folder = resolve(output);
    const setting: Setting = {
      folder,
      data: await writeData(join(folder, 'data'), rows),
      threads,
      emdNetwork: emdNetwork === undefined ? undefined : resolve(emdNetwork),
      peer: pythonLaunch(
        { script: 'qkeras_autoencoder.py', module: 'qkeras', environment: 'venvq' },
        threads,
      ),
      program: {
        command: process.execPath,
        arguments: [fileURLToPath(new URL('../../../apps/ecoder-trainer/dist/main.js', import.meta.url))],
      },
      peerEpochs: smoke ? 2 : 200,
      share: smoke ? 0.05 : 1,
    };
    const chosen = recipes.filter((recipe) => emdNetwork !== undefined || !needsEmdNetwork(recipe));
    if (chosen.length < recipes.length) out('no --emd-network: recipes with the EMD network are left out');
    const outcomes: Outcome[] = [];
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      for (const recipe of chosen) {
        const outcome = await once(recipe, seed, setting);
        const { side, emd, epochs, wallSeconds } = outcome;
        out(
          `${side}, ${recipe.name}, seed ${seed}: EMD ${emd.toFixed(3)} after ${epochs} epochs, ${wallSeconds.toFixed(0)} s`,
        );
        outcomes.push(outcome);
      }
    }
    const table = qualityTable(outcomes);
    await atomicWrite(join(folder, 'quality.json'), `${JSON.stringify({ table, outcomes }, null, 1)}\n`);
    await atomicWrite(join(folder, 'quality.html'), qualityReport(table, outcomes, rows));
    out(markdownTable(table));
  },
});

/** The outcome of a training, from an earlier call if it finished there. */
async function once(recipe: Recipe, seed: number, setting: Setting): Promise<Outcome> {
  const folder = join(setting.folder, 'outcomes');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${recipe.side}-${recipe.name.replace(/\W+/g, '-')}-${seed}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Outcome;
  const outcome = await train(recipe, seed, setting);
  await atomicWrite(path, JSON.stringify(outcome));
  return outcome;
}

const program = {
  name: 'benchmarks',
  version: '0.1.0',
  commands: [
    {
      name: 'quality',
      describe:
        'Trains 5-eLink encoders with the recipes of the Ecoder study in QKeras and with ours, in turn.',
      load: async () => quality,
    },
  ],
};
process.exitCode = await runCli(program, ['quality', ...process.argv.slice(2)]);
