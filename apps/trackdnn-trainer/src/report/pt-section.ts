/** Mean and spread of the score against transverse momentum. */
import { histogram, profile } from '@hep/figures';
import type { ProfileSeries, ReportFigure, ReportSection } from '@hep/figures';
import { PT_BIN_GEV, scoreAgainstPt } from '@hep/track-samples';
import type { Discrimination, ScoreProfile, TrackTable } from '@hep/track-samples';

/** @param scores of the network, [rows] */
export function ptSection(
  test: TrackTable,
  scores: Float32Array,
  { results }: Discrimination,
): ReportSection {
  const { pt } = test;
  return {
    heading: 'Score against pT',
    text:
      'Mean and standard deviation of the score in bins of 5 GeV with more than two tracks, up to the last one that is ' +
      'filled; below them the number of tracks in each bin.',
    figures: results.flatMap(({ name, rows }) => {
      const ofClass = (truth: number) => {
        const own = rows.filter((row) => test.isTrue[row] === truth);
        return scoreAgainstPt(
          Float32Array.from(own, (row) => pt[row]),
          Float32Array.from(own, (row) => scores[row]),
        );
      };
      return figuresOf(name, ofClass(1), ofClass(0));
    }),
  };
}

function figuresOf(name: string, signal: ScoreProfile, background: ScoreProfile): ReportFigure[] {
  const label = name === 'all' ? 'All iterations' : name;
  const bins =
    1 + Math.max(...[signal, background].map(({ counts }) => counts.findLastIndex((count) => count > 0)));
  const edges = Float64Array.from({ length: bins + 1 }, (_, bin) => bin * PT_BIN_GEV);
  const ofKinds = [
    { name: 'true', of: signal },
    { name: 'fake', of: background },
  ];
  return [
    {
      figure: profile({
        series: ofKinds.map((kind) => band(kind.name, kind.of, bins)),
        xTitle: 'p<sub>T</sub> [GeV]',
        yTitle: 'score',
      }),
      caption: `${label}: mean and standard deviation, within 0 and 1.`,
    },
    {
      figure: histogram({
        edges,
        series: ofKinds.map((kind) => ({ name: kind.name, counts: kind.of.counts.subarray(0, bins) })),
        xTitle: 'p<sub>T</sub> [GeV]',
        yTitle: 'Tracks in a bin',
        logY: true,
      }),
      caption: `${label}: tracks.`,
    },
  ];
}

/** Points with the bars of the spread, cut off at 0 and 1. */
function band(name: string, { centres, means, spreads }: ScoreProfile, bins: number): ProfileSeries {
  const within = means.subarray(0, bins);
  return {
    name,
    centres: centres.subarray(0, bins),
    medians: within,
    lowErrors: within.map((mean, bin) => Math.min(spreads[bin], mean)),
    highErrors: within.map((mean, bin) => Math.min(spreads[bin], 1 - mean)),
    counts: within.map((mean) => (Number.isNaN(mean) ? 0 : 1)),
  };
}
