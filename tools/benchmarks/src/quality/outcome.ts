/** What a training came to. */
export interface Outcome {
  readonly recipe: string;
  readonly side: 'QKeras' | 'ours';
  readonly seed: number;
  /** Mean exact EMD of the validation modules with the weights that the training ended with, in sensor cells. */
  readonly emd: number;
  readonly epochs: number;
  /** Wall and CPU time of the epochs, validation passes included. */
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Mean exact EMD along the way; wall time since the first epoch. */
  readonly curve: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly epoch: number;
  readonly wallSeconds: number;
  readonly emd: number;
}

/** Time of the first point of a curve that is at or below a distance; null when it never is. */
export function timeTo(emd: number, curve: readonly CurvePoint[]): number | null {
  return curve.find((point) => point.emd <= emd)?.wallSeconds ?? null;
}
