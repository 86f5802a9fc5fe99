/** Summary of one histogram. */
export interface HistogramNumbers {
  readonly median: number;
  /** 0.16 quantile. */
  readonly q16: number;
  /** 0.84 quantile. */
  readonly q84: number;
  readonly mean: number;
  readonly std: number;
}

/** Text file beside a histogram: `median, q16, q84, <tab> mean, std, `. */
export function histogramText(numbers: HistogramNumbers): string {
  const { median, q16, q84, mean, std } = numbers;
  return `${median}, ${q16}, ${q84}, \t ${mean}, ${std}, \n`;
}

/** Text file beside a profile: per bin `centre median lower-error upper-error `. */
export function profileText(
  bins: readonly { centre: number; median: number; lowError: number; highError: number }[],
): string {
  return bins.map((bin) => `${bin.centre} ${bin.median} ${bin.lowError} ${bin.highError} \n`).join('');
}
