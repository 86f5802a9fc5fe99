/** More tracks than memory should hold: toy files, shards, one epoch, with the memory and the waiting of each step. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, defineOptions, option, runCli } from '@hep/options';
import { z } from 'zod';
import { runWatched } from './watched-process.ts';
import type { Watched } from './watched-process.ts';

const count = z.int().min(1);
const SMOKE_TRACKS = 100_000;

const options = defineOptions({
  tracks: option({ schema: count.default(20_000_000), describe: 'toy tracks', unit: 'tracks' }),
  files: option({ schema: count.default(8), describe: 'files of toy tracks', unit: 'files' }),
  balance: option({
    schema: z.boolean().default(true),
    describe: 'as many tracks of each iteration; otherwise all tracks train',
  }),
  folder: option({
    schema: z.string().default(tmpdir()),
    describe: 'where files and shards go; about 230 bytes a track, removed at the end',
  }),
  smoke: option({ schema: z.boolean().default(false), describe: 'few tracks, to see that everything works' }),
});

const scale = command({
  options,
  run: async ({ tracks, files, balance, folder, smoke }, { out }) => {
    const place = mkdtempSync(join(folder, 'hep-tracks-'));
    const chosen = smoke ? SMOKE_TRACKS : tracks;
    const [toy, shards] = [join(place, 'toy.parquet'), join(place, 'shards')];
    const steps: readonly (readonly [string, readonly string[]])[] = [
      ['toy', ['-o', toy, '--tracks', `${chosen}`, '--files', `${files}`, '--nested']],
      ['prepare', ['-i', join(place, 'toy*.parquet'), '-o', shards]],
      [
        'train',
        [
          '--shards',
          shards,
          '-o',
          join(place, 'run'),
          '--epochs',
          '1',
          ...(balance ? [] : ['--no-balance-iterations']),
        ],
      ],
    ];
    try {
      for (const [step, flags] of steps) {
        const watched = await runWatched(process.execPath, [program, step, ...flags]);
        out(JSON.stringify({ step, tracks: chosen, ...costs(watched) }));
      }
    } finally {
      rmSync(place, { recursive: true });
    }
  },
});

const program = fileURLToPath(new URL('../../../apps/trackdnn-trainer/dist/main.js', import.meta.url));

function costs({ wallSeconds, cpuSeconds, peakMiB, output }: Watched) {
  const waited = /engine waited \S+ s for tracks, (\S+) % of the training/.exec(output)?.[1];
  const trained = /^(\d+) training/m.exec(output)?.[1];
  return {
    wallSeconds: Number(wallSeconds.toFixed(1)),
    cpuSeconds: Number(cpuSeconds.toFixed(1)),
    peakMiB: Math.round(peakMiB),
    ...(trained === undefined ? {} : { trainingTracks: Number(trained) }),
    ...(waited === undefined ? {} : { waitedPercent: Number(waited) }),
  };
}

process.exitCode = await runCli(
  {
    name: 'benchmarks',
    version: '0.1.0',
    commands: [
      {
        name: 'tracks-scale',
        describe:
          'Prepares and trains on toy tracks; prints a JSON line for each step: time, peak memory, waiting.',
        load: async () => scale,
      },
    ],
  },
  ['tracks-scale', ...process.argv.slice(2)],
);
