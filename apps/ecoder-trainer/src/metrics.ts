/** How far decoded modules are from the input, in the metrics of the Ecoder study. */
import { mean, standardDeviation, waferMetric, withoutEmpty } from '@hep/statistics';
import type { Evaluation } from './evaluation.ts';

/** Names of the study: what its summary has by default, and what it has with `--full`. */
export const summaryMetrics = {
  default: ['EMD'],
  full: ['EMD', 'dMean', 'dRMS', 'zero_frac', 'SSD'],
} as const;

/** One of these. */
export type MetricName = (typeof summaryMetrics)['full'][number];

/** Mean and population standard deviation over modules. */
export interface Spread {
  readonly mean: number;
  readonly std: number;
}

function spreadOf(values: Float64Array): Spread {
  return { mean: mean(values), std: standardDeviation(values) };
}

/** Mean and spread of the EMD over the modules where it is defined, with the number where it is not. */
export function emdSummary(emd: Float64Array): Spread & { modules: number; empty: number } {
  const { values } = withoutEmpty(emd);
  return { ...spreadOf(values), modules: values.length, empty: emd.length - values.length };
}

/** Every metric over the modules where it is defined; `zero_frac`, the share of modules of which nothing is left, over all. */
export function metricsOf({ emd, inputMipT, decodedMipT }: Evaluation): Record<MetricName, Spread> {
  const { mean: distance, std } = emdSummary(emd);
  const defined = (metric: 'dMean' | 'dRMS' | 'SSD') =>
    spreadOf(withoutEmpty(waferMetric(metric, inputMipT, decodedMipT)).values);
  return {
    EMD: { mean: distance, std },
    dMean: defined('dMean'),
    dRMS: defined('dRMS'),
    zero_frac: spreadOf(waferMetric('zeroFraction', inputMipT, decodedMipT)),
    SSD: defined('SSD'),
  };
}
