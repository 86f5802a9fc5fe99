/** Tracks of files with the scores of a network; the variables of a track are forgotten once it is scored. */
import { UserError } from '@hep/options';
import { TrackScorer } from '@hep/track-dnn';
import { joinNumbers, joinTracks, partOf, selectTracks, streamTracks } from '@hep/track-samples';
import type { JudgedTracks, SampleFile, TrackTable } from '@hep/track-samples';
import { testSamplesOf } from './test-samples.ts';
import type { TestSample } from './test-samples.ts';
import type { TrainedRun } from './trained-run.ts';

/** Tracks and their scores. Memory: 18 bytes a track. */
export interface ScoredTracks extends JudgedTracks {
  readonly scores: Float32Array;
  readonly samples: readonly TestSample[];
  /** Tracks that could not be used. */
  readonly dropped: number;
}

/** What of the files is scored. */
export interface ScoringOptions {
  readonly tree?: string;
  readonly select?: string;
  readonly dropInvalid: boolean;
  /** `test`: the part that the run held out, if the files are its own. */
  readonly part: 'all' | 'test';
}

/** @throws UserError for files that cannot be used, and when no track is left */
export async function scoredFiles(
  files: readonly SampleFile[],
  { network, weights, options }: TrainedRun,
  { part, ...reading }: ScoringOptions,
): Promise<ScoredTracks> {
  const fractions = { validation: options.validationFraction, test: options.testFraction };
  const isWanted = (group: number) => part === 'all' || partOf(group, options.splitSeed, fractions) === part;
  const tables: TrackTable[] = [];
  const pieces: Float32Array[] = [];
  const pieceSamples: string[] = [];
  let left = 0;
  const scorer = await TrackScorer.create(network);
  try {
    for (const { path, sample } of files) {
      for await (const { table, dropped } of streamTracks(path, { ...reading, features: network.features })) {
        const rows = Int32Array.from(table.groups.keys()).filter((row) => isWanted(table.groups[row]));
        const own = rows.length === table.rows ? table : selectTracks(table, rows);
        pieces.push(await scorer.scores(weights, own.features, own.iterations));
        pieceSamples.push(sample);
        tables.push({ ...own, width: 0, features: new Float32Array(0) });
        left += dropped;
      }
    }
  } finally {
    await scorer.close();
  }
  const tracks = joinTracks(tables);
  if (tracks.rows > 0) {
    const samples = testSamplesOf(tables.map(({ rows }, i) => ({ sample: pieceSamples[i], rows })));
    return { ...tracks, scores: joinNumbers(new Float32Array(tracks.rows), pieces), samples, dropped: left };
  }
  const paths = files.map(({ path }) => path);
  throw new UserError(
    `${paths.join(', ')}: no tracks to judge (part ${part}); give other files, or --part all`,
  );
}
