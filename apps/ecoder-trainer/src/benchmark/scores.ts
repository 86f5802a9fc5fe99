/** Measures of a candidate: every metric of the study, without the modules whose pattern is empty. */
import { mean, profile, quantiles, standardDeviation, waferMetric, withoutEmpty } from '@hep/statistics';
import type { Binning, Patterns, Profile, WaferMetric } from '@hep/statistics';
import type { EmdPool } from '@hep/optimal-transport';

/** Mean and population standard deviation over the modules where a metric is defined. */
export interface Spread {
  readonly mean: number;
  readonly std: number;
}

/** Metrics that are told by their mean and spread. */
export const spreadMetrics = ['dMean', 'dRMS', 'SSD', 'crossCorrelation'] as const satisfies WaferMetric[];

/** How far restored charges are from those that came in. */
export interface Scores {
  readonly emd: Spread & {
    readonly median: number;
    readonly q16: number;
    readonly q84: number;
    readonly p95: number;
  };
  readonly metrics: Readonly<Record<(typeof spreadMetrics)[number], Spread>>;
  /** Part of the modules of which nothing is left. */
  readonly zeroFraction: number;
  /** Charge of all modules after over before. */
  readonly energyRatio: number;
  /** Modules without charge before, and of the others those without any after: not in the other scores. */
  readonly emptyInputs: number;
  readonly emptyOutputs: number;
  /** Median EMD by occupancy. */
  readonly byOccupancy: Profile;
}

/** Bins of the occupancy: trigger cells above 1 MIP_T. */
const occupancyBinning: Binning = { bins: 12, min: 0, max: 24 };

/** The modules that all candidates are measured on. */
export interface Modules {
  /** [modules, 48] */
  readonly charges: Patterns;
  /** Trigger cells above 1 MIP_T, [modules]. */
  readonly occupancy: Int32Array;
}

/**
 * Measures what became of the modules.
 * @param decoded charges in any unit, [modules, 48]
 */
export async function scoresOf(
  decoded: Patterns,
  { charges, occupancy }: Modules,
  pool: EmdPool,
): Promise<Scores> {
  const emd = await pool.emdBatch(charges, decoded);
  const { values, emptyInputs, emptyOutputs } = withoutEmpty(emd);
  const [q16, median, q84, p95] = quantiles(values, [0.16, 0.5, 0.84, 0.95]);
  const defined = Int32Array.from(emd.keys()).filter((module) => emd[module] >= 0);
  const metrics = spreadMetrics.map((metric) => {
    const all = waferMetric(metric, charges, decoded);
    return [metric, spreadOf(Float64Array.from(defined, (module) => all[module]))] as const;
  });
  return {
    emd: { ...spreadOf(values), median, q16, q84, p95 },
    metrics: Object.fromEntries(metrics) as Scores['metrics'],
    zeroFraction: mean(waferMetric('zeroFraction', charges, decoded)),
    energyRatio: total(decoded) / total(charges),
    emptyInputs,
    emptyOutputs,
    byOccupancy: profile(
      Float64Array.from(defined, (module) => occupancy[module]),
      values,
      occupancyBinning,
    ),
  };
}

function spreadOf(values: Float64Array): Spread {
  return { mean: mean(values), std: standardDeviation(values) };
}

function total(charges: Patterns): number {
  let sum = 0;
  for (let i = 0; i < charges.length; i++) sum += charges[i];
  return sum;
}
