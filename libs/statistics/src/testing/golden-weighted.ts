import { goldenJson } from '@hep/test-support';

/** Numbers of scikit-learn and SciPy; see `data/golden/statistics`. */
export interface GoldenWeighted {
  readonly scores: readonly number[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly roc: {
    readonly thresholds: readonly number[];
    readonly true: readonly number[];
    readonly false: readonly number[];
    readonly auc: number;
    readonly aucUnweighted: number;
  };
  readonly histogram: {
    readonly edges: readonly number[];
    readonly contents: readonly number[];
    readonly errors: readonly number[];
  };
  readonly wilson: readonly (readonly [number, number])[];
  readonly kolmogorov: { readonly x: readonly number[]; readonly p: readonly number[] };
}

export const goldenWeighted = goldenJson<GoldenWeighted>('statistics', 'weighted.json');
