/** What is told of the scores of a file, gathered batch by batch. */
import { JET_CLASSES } from '@hep/calratio-rnn';
import { weightedHistogram } from '@hep/statistics';
import { SCORE_EDGES } from '../report/outputs-section.ts';

/** Parts of the jets by their signal score, as texts of four decimals; `none` without jets. */
export interface SignalFractions {
  /** Larger than both other scores. */
  readonly isLargest: string;
  readonly aboveHalf: string;
  readonly above80Percent: string;
}

/** Histograms and fractions of scores. */
export class ScoreSummary {
  jets = 0;
  /** Jets by class and bin. */
  readonly counts = JET_CLASSES.map(() => new Float64Array(SCORE_EDGES.length - 1));
  private largest = 0;
  private half = 0;
  private most = 0;

  /** Adds probabilities [jets, 3]. */
  add(scores: Float32Array): void {
    const classes = JET_CLASSES.length;
    const jets = scores.length / classes;
    this.jets += jets;
    for (let jet = 0; jet < jets; jet++) {
      const [qcd, signal, bib] = scores.subarray(jet * classes, (jet + 1) * classes);
      if (signal > qcd && signal > bib) this.largest++;
      if (signal > 0.5) this.half++;
      if (signal > 0.8) this.most++;
    }
    this.counts.forEach((counts, score) => {
      const own = Float32Array.from({ length: jets }, (_, jet) => scores[jet * classes + score]);
      const { contents } = weightedHistogram(own, SCORE_EDGES, new Float64Array(jets).fill(1));
      contents.forEach((content, bin) => (counts[bin] += content));
    });
  }

  get fractions(): SignalFractions {
    const part = (count: number) => (this.jets === 0 ? 'none' : (count / this.jets).toFixed(4));
    return { isLargest: part(this.largest), aboveHalf: part(this.half), above80Percent: part(this.most) };
  }
}

/** Columns of the scores in the order of the classes. */
export const SCORE_COLUMNS = ['jet_nn_qcd', 'jet_nn_sig', 'jet_nn_bib'] as const;
