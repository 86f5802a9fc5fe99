/**
 * Chooses how many batches to run between two looks at the clock, the signals and the progress line. Only the wall
 * time depends on it, never a number of the training.
 */
export class Pace {
  private longest = 0;
  private secondsPerBatch = Infinity;

  constructor(private readonly targetSeconds: number) {}

  /** Batches of the next stretch; grows by at most four times, since first batches are slow or fast by accident. */
  next(): number {
    const wanted = Math.floor(this.targetSeconds / this.secondsPerBatch);
    return Math.max(1, Math.min(wanted, 4 * this.longest));
  }

  /** Tells how long a stretch took. */
  took(batches: number, seconds: number): void {
    const measured = Math.max(seconds, 1e-6) / batches;
    this.secondsPerBatch = this.longest <= 1 ? measured : 0.5 * (measured + this.secondsPerBatch);
    this.longest = Math.max(this.longest, batches);
  }
}
