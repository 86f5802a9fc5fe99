import { join, parse } from 'node:path';
import { writeColumns } from '@hep/datasets/columns';
import type { ColumnTable } from '@hep/datasets/columns';
import { command, defineOptions, option, UserError } from '@hep/options';
import { nestedByEvent, toyTables } from '@hep/track-samples';
import { seedOption } from '@hep/training-command';
import { z } from 'zod';

const options = defineOptions({
  output: option({
    schema: z.string().min(1).default('tracks.parquet'),
    describe: 'file to write: .parquet, .csv or .npz; of several files the name before their numbers',
    alias: 'o',
  }),
  tracks: option({
    schema: z.int().min(1).default(100_000),
    describe: 'tracks of all files',
    unit: 'tracks',
  }),
  files: option({
    schema: z.int().min(1).default(1),
    describe: 'files that share the tracks: tracks-1.parquet and so on',
    unit: 'files',
  }),
  nested: option({
    schema: z.boolean().default(false),
    describe: 'one row for each event with vectors of tracks, as in the ntuple (.parquet only)',
  }),
  firstEvent: option({
    schema: z.int().min(1).default(1),
    describe: 'number of the first event, so that several files do not repeat events',
  }),
  seed: seedOption('the tracks; the same seed gives the same bytes'),
});

/** Writes synthetic tracks. */
export const toyCommand = command({
  options,
  run: async ({ output, nested, tracks, files, firstEvent, seed }, { out }) => {
    if (files > tracks)
      throw new UserError(`option --files ${files}: expected at most ${tracks}, a track each`);
    // Each event has a track at least, so that files which are this far apart have no event in common.
    const apart = Math.ceil(tracks / files);
    for (let file = 0; file < files; file++) {
      const own = Math.floor(((file + 1) * tracks) / files) - Math.floor((file * tracks) / files);
      const path = files === 1 ? output : numbered(output, file + 1);
      const tables = toyTables({ tracks: own, seed, firstEvent: firstEvent + file * apart });
      await writeColumns(path, nested ? nestedTables(tables) : tables);
      out(`${own} synthetic tracks in ${path}`);
    }
  },
});

function* nestedTables(tables: Iterable<ColumnTable>): Generator<ColumnTable> {
  for (const table of tables) yield nestedByEvent(table);
}

function numbered(path: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${number}${ext}`);
}
