import { writeColumns } from '@hep/datasets/columns';
import { command, defineOptions, option } from '@hep/options';
import { generateToyTracks, nestedByEvent } from '@hep/track-samples';
import { seedOption } from '@hep/training-command';
import { z } from 'zod';

const options = defineOptions({
  output: option({
    schema: z.string().min(1).default('tracks.parquet'),
    describe: 'file to write: .parquet, .csv or .npz',
    alias: 'o',
  }),
  tracks: option({ schema: z.int().min(1).default(100_000), describe: 'tracks', unit: 'tracks' }),
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
  name: 'toy',
  describe: 'Writes synthetic tracks with the 37 branches of the ntuple, to try the program without data.',
  options,
  run: async ({ output, nested, ...toy }, { out }) => {
    const table = generateToyTracks(toy);
    await writeColumns(output, [nested ? nestedByEvent(table) : table]);
    out(`${toy.tracks} synthetic tracks in ${output}`);
  },
});
