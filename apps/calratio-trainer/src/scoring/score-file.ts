/** Scores of one file of jets. */
import { jetBatches, JET_SAMPLES, likelyScale } from '@hep/calratio-jets';
import { NETWORK_COLUMNS } from '@hep/calratio-rnn';
import type { ColumnTable, FlatColumn } from '@hep/datasets/columns';
import type { JetScorer } from './jet-scorer.ts';
import { SCORE_COLUMNS, ScoreSummary } from './score-summary.ts';

/** Columns of the file that stand beside the scores. */
const KEPT = ['jet_pt', 'jet_eta', 'jet_phi', 'label'] as const;
const COLUMNS = [...new Set([...KEPT, ...NETWORK_COLUMNS])];

/** Types of the columns of a table of scores. */
export const SCORE_TYPES: ReadonlyMap<string, string> = new Map([
  ...KEPT.map((name) => [name, name === 'label' ? 'uint8' : 'float32'] as const),
  ...SCORE_COLUMNS.map((name) => [name, 'float32'] as const),
]);

/** What was found while scoring. */
export interface ScoredFile {
  readonly summary: ScoreSummary;
  /** Values that were not finite and counted as 0. */
  replaced: number;
  /** Whether every jet has a pT as in GeV. */
  isUnscaled: boolean;
}

/**
 * Tables with `jet_pt, jet_eta, jet_phi, label, jet_nn_qcd, jet_nn_sig, jet_nn_bib`, batch after batch; `scored` is filled
 * on the way.
 * @throws UserError for missing columns, all at once, an unknown label, or a damaged file
 */
export async function* scoredTables(
  path: string,
  scorer: JetScorer,
  scored: ScoredFile,
): AsyncGenerator<ColumnTable> {
  const { labels } = JET_SAMPLES.main;
  for await (const { table, replaced } of jetBatches(path, { columns: COLUMNS, labels })) {
    const scores = await scorer.scores(table, path);
    scored.summary.add(scores);
    const jetPt = table.columns.get('jet_pt')!.values as Float32Array;
    scored.isUnscaled &&= likelyScale(jetPt) === 'GeV';
    scored.replaced += replaced.reduce((sum, { count }) => sum + count, 0);
    const kept = KEPT.map((name) => [name, table.columns.get(name)!] as const);
    const added = SCORE_COLUMNS.map((name, score): [string, FlatColumn] => [
      name,
      {
        kind: 'flat',
        values: Float32Array.from(
          { length: table.rows },
          (_, jet) => scores[jet * SCORE_COLUMNS.length + score],
        ),
      },
    ]);
    yield { rows: table.rows, columns: new Map<string, FlatColumn>([...kept, ...added]) };
  }
}

/** Nothing scored yet. */
export const nothingScored = (): ScoredFile => ({
  summary: new ScoreSummary(),
  replaced: 0,
  isUnscaled: true,
});
