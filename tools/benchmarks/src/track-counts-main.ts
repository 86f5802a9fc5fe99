/** What counting the scores of the training tracks, from which their AUC follows, adds to the CPU time of a step. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGenerator } from '@hep/datasets';
import { createOnnxTrainer } from '@hep/engine';
import type { Program, Trainer } from '@hep/engine';
import { command, defineOptions, option, runCli } from '@hep/options';
import { SCORE_COUNTS } from '@hep/track-dnn';
import { z } from 'zod';
import { median } from './compare.ts';
import { readFloat32 } from './npy.ts';
import { trackCase, trackTraining } from './track-case.ts';
import { trainingColumns } from './training-job.ts';

const BATCH_SIZE = 2048;
/** Batches of one program before the other one goes on: short enough that both see the same load of the machine. */
const SLICE = 4;
const SMOKE = { rows: 20_000, rounds: 2 };

const options = defineOptions({
  rows: option({ schema: z.int().min(1).default(200_000), describe: 'rows of a round' }),
  rounds: option({ schema: z.int().min(1).default(9), describe: 'rounds through the rows' }),
  replicas: option({ schema: z.int().min(1).default(1), describe: 'replicas of one thread' }),
  smoke: option({ schema: z.boolean().default(false), describe: 'few rows, to see that everything works' }),
});

type Sides<T> = Readonly<Record<'counting' | 'plain', T>>;

const counts = command({
  options,
  run: async ({ replicas, smoke, ...chosen }, { out }) => {
    const { rows, rounds } = smoke ? SMOKE : chosen;
    const trainers = await startBoth(rows, replicas);
    const results: Sides<number>[] = [];
    // The first round compiles.
    for (let round = 0; round <= rounds; round++) results.push(await roundOf(trainers, rows, round));
    await Promise.all(Object.values(trainers).map((trainer) => trainer.close()));
    const measured = results.slice(1);
    const ratios = measured.map(({ counting, plain }) => counting / plain).sort((a, b) => a - b);
    out(
      JSON.stringify({
        replicas,
        rounds,
        countingMs: rounded(median(measured.map(({ counting }) => counting))),
        plainMs: rounded(median(measured.map(({ plain }) => plain))),
        ratio: rounded(median(ratios)),
        ratioRange: [rounded(ratios[0]), rounded(ratios.at(-1)!)],
      }),
    );
  },
});

async function startBoth(rows: number, replicas: number): Promise<Sides<Trainer>> {
  const folder = mkdtempSync(join(tmpdir(), 'hep-benchmark-'));
  try {
    await trackCase.prepare(folder, rows);
    const program = trackTraining();
    const columns = trainingColumns(program, (name) => readFloat32(join(folder, `${name}.npy`)));
    const start = (of: Program) =>
      createOnnxTrainer(of, { train: { rows, columns } }, { batchSize: BATCH_SIZE, replicas, threads: 1 });
    return { counting: await start(program), plain: await start(withoutCounts(program)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function withoutCounts(program: Program): Program {
  return {
    ...program,
    step: (state, inputs) => {
      const { outputs, state: next } = program.step(state, inputs);
      return {
        outputs: Object.fromEntries(Object.entries(outputs).filter(([name]) => name !== SCORE_COUNTS)),
        state: next,
      };
    },
  };
}

/** CPU time of a step, median over the slices of a round. */
async function roundOf(trainers: Sides<Trainer>, rows: number, round: number): Promise<Sides<number>> {
  const order = createGenerator(round).permutation(rows);
  const batches = Math.floor(rows / BATCH_SIZE);
  const spent = { counting: [] as number[], plain: [] as number[] };
  for (let first = 0; first + SLICE <= batches; first += SLICE) {
    const sides = ['counting', 'plain'] as const;
    for (const side of (first / SLICE) % 2 === 0 ? sides : sides.toReversed()) {
      const before = process.cpuUsage();
      await trainers[side].train({
        ...{ dataset: 'train', order, batchSize: BATCH_SIZE, firstBatch: first, endBatch: first + SLICE },
        ...{ step: 1 + round * batches + first, learningRates: new Float32Array(SLICE).fill(3e-4), seed: 1 },
      });
      const { user, system } = process.cpuUsage(before);
      spent[side].push((user + system) / 1000 / SLICE);
    }
  }
  return { counting: median(spent.counting), plain: median(spent.plain) };
}

const rounded = (value: number) => Number(value.toFixed(3));

const program = {
  name: 'benchmarks',
  version: '0.1.0',
  commands: [
    {
      name: 'track-counts',
      describe: 'Trains with and without the counts in turn; one JSON line, CPU time of a step in ms.',
      load: async () => counts,
    },
  ],
};
process.exitCode = await runCli(program, ['track-counts', ...process.argv.slice(2)]);
