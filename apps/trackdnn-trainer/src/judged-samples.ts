/** Scores of a network on each sample of tracks, and on all of them. */
import { discrimination, selectJudged } from '@hep/track-samples';
import type { Discrimination, JudgedTracks } from '@hep/track-samples';
import type { TestSample } from './test-samples.ts';

/** Tracks with their scores, and how well these tell them apart. */
export interface JudgedSample {
  /** Of the sample; empty for all tracks. */
  readonly name: string;
  readonly tracks: JudgedTracks;
  /** Of the network, [rows]. */
  readonly scores: Float32Array;
  readonly judged: Discrimination;
}

/** All tracks first, then, if there are several samples, each of them. @param scores of the network, [rows] */
export function judgedSamples(
  tracks: JudgedTracks,
  scores: Float32Array,
  samples: readonly TestSample[],
): JudgedSample[] {
  const whole = { name: '', tracks, scores, judged: discrimination(tracks, scores) };
  if (samples.length < 2) return [whole];
  const parts = samples.map(({ name, rows }): JudgedSample => {
    const own = selectJudged(tracks, rows);
    const ownScores = Float32Array.from(rows, (row) => scores[row]);
    return { name, tracks: own, scores: ownScores, judged: discrimination(own, ownScores) };
  });
  return [whole, ...parts];
}

/** Why a sample or an iteration has no curve, one line each. */
export function skippedLines(samples: readonly JudgedSample[]): string[] {
  return samples.flatMap(({ name, judged }) =>
    judged.skipped.map((line) => `no ROC of ${name === '' ? '' : `${name}, `}${line}`),
  );
}
