import { RunFailure } from '@hep/options';

/** Training cannot go on: a loss, a metric or a parameter is NaN or infinite. One line for the user. */
export class TrainingDiverged extends RunFailure {
  override readonly name = 'TrainingDiverged';

  /**
   * @param what which number is not finite and where
   * @param epoch counted from 1
   * @param batch counted from 1; 0 when it showed after the last batch of the epoch
   * @param lastGoodCheckpoint path, or null when the run keeps no checkpoints
   */
  constructor(
    what: string,
    readonly epoch: number,
    readonly batch: number,
    readonly lastGoodCheckpoint: string | null,
  ) {
    const checkpoint =
      lastGoodCheckpoint === null
        ? 'no checkpoint was kept'
        : `the last good checkpoint is ${lastGoodCheckpoint}`;
    super(`${what}; ${checkpoint}; lower the learning rate, clip the gradients or check the input`);
  }
}
