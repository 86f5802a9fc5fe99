/** Whether scores are probabilities. */
import { calibrationCurve } from '@hep/figures';
import type { CalibrationSeries, ReportSection } from '@hep/figures';
import { calibration } from '@hep/track-samples';
import type { Calibration, JudgedTracks } from '@hep/track-samples';

/** @param scores of the network, [rows] */
export function calibrationSection(tracks: JudgedTracks, scores: Float32Array): ReportSection {
  const network = calibration(scores, tracks.isTrue);
  const trees = tracks.treeScores === null ? null : calibration(tracks.treeScores, tracks.isTrue);
  const series = (name: string, { predicted, observed, lower, upper }: Calibration): CalibrationSeries => ({
    name,
    predicted,
    observed,
    lower,
    upper,
  });
  return {
    heading: 'Calibration',
    text:
      'Part of true tracks among those of a score, in bins of 0.05. A score is a probability where it lies on the ' +
      'diagonal; a network that learned from balanced or weighted tracks is one of such tracks, not of these.',
    figures: [
      {
        figure: calibrationCurve(
          [series('network', network), ...(trees === null ? [] : [series('(trk_mva + 1) / 2', trees)])],
          { xTitle: 'Score', yTitle: 'Part of true tracks' },
        ),
        caption: 'All iterations.',
      },
    ],
    tables: [
      {
        caption: 'Mean distance from the diagonal, each track counted once.',
        columns: ['score', 'distance'],
        rows: [['network', network.error], ...(trees === null ? [] : [['(trk_mva + 1) / 2', trees.error]])],
      },
    ],
  };
}
