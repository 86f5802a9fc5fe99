import type { ReportSection } from '@hep/figures';
import type { Discrimination, JudgedTracks } from '@hep/track-samples';
import { calibrationSection } from './calibration-section.ts';
import { discriminationSections } from './discrimination-sections.ts';
import { ptSection } from './pt-section.ts';

/**
 * Everything that is told of scores of tracks.
 * @param scores of the network, [rows]
 * @param treeCut working point of the decision trees, on `trk_mva`
 */
export function judgingSections(
  tracks: JudgedTracks,
  scores: Float32Array,
  judged: Discrimination,
  treeCut: number,
): ReportSection[] {
  return [
    ...discriminationSections(judged, treeCut),
    ptSection(tracks, scores, judged),
    calibrationSection(tracks, scores),
  ];
}
