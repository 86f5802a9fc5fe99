import type { ReportSection } from '@hep/figures';
import type { JudgedSample } from '../judged-samples.ts';
import { calibrationSection } from './calibration-section.ts';
import { discriminationSections } from './discrimination-sections.ts';
import { ptSection } from './pt-section.ts';

/**
 * Everything that is told of scores of tracks.
 * @param treeCut working point of the decision trees, on `trk_mva`
 */
export function judgingSections(samples: readonly JudgedSample[], treeCut: number): ReportSection[] {
  return samples.flatMap(({ name, tracks, scores, judged }) =>
    [
      ...discriminationSections(judged, treeCut),
      ptSection(tracks, scores, judged),
      calibrationSection(tracks, scores),
    ].map((section) => (name === '' ? section : { ...section, heading: `${name}: ${section.heading}` })),
  );
}
