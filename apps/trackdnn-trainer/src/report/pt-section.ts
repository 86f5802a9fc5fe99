/** Mean and spread of the score against transverse momentum. */
import { spreadAndCounts } from '@hep/figures';
import type { Figure, ReportSection, SpreadSeries } from '@hep/figures';
import { PT_BIN_GEV, scoreAgainstPt } from '@hep/track-samples';
import type { Discrimination, JudgedTracks, ScoreProfile } from '@hep/track-samples';

/** @param scores of the network, [rows] */
export function ptSection(
  tracks: JudgedTracks,
  scores: Float32Array,
  { results }: Discrimination,
): ReportSection {
  return {
    heading: 'Score against pT',
    text:
      'Mean and standard deviation of the score of true tracks and fakes in bins of 5 GeV with more than two of them, up ' +
      'to the last bin that is filled; below them the tracks in each bin, stacked.',
    figures: results.map(({ name, rows }) => {
      const ofClass = (truth: number) => {
        const own = rows.filter((row) => tracks.isTrue[row] === truth);
        return scoreAgainstPt(
          Float32Array.from(own, (row) => tracks.pt[row]),
          Float32Array.from(own, (row) => scores[row]),
        );
      };
      return {
        figure: figureOf(ofClass(0), ofClass(1)),
        caption: name === 'all' ? 'All iterations.' : `${name}.`,
      };
    }),
  };
}

function figureOf(fakes: ScoreProfile, trueTracks: ScoreProfile): Figure {
  const lastOf = ({ counts }: ScoreProfile) => counts.findLastIndex((count) => count > 0);
  const bins = 1 + Math.max(0, lastOf(fakes), lastOf(trueTracks));
  const series = (name: string, { means, spreads, counts }: ScoreProfile): SpreadSeries => ({
    name,
    means: means.subarray(0, bins),
    spreads: spreads.subarray(0, bins),
    counts: counts.subarray(0, bins),
  });
  return spreadAndCounts({
    edges: Float64Array.from({ length: bins + 1 }, (_, bin) => bin * PT_BIN_GEV),
    series: [series('fake', fakes), series('true', trueTracks)],
    range: [0, 1],
    xTitle: 'p<sub>T</sub> [GeV]',
    yTitle: 'Score',
    countTitle: 'Tracks',
  });
}
