import { fittedRows } from '@hep/calratio-rnn';
import { epochOrder } from '@hep/training';
import type { Callback, EpochContext, Logs, TrainingStart } from '@hep/training';

/** Keeps the shuffles of the control region apart from those of the main sample with the same seed. */
const CONTROL_SEED = 0x5bd1e995;

/** How many jets there are, and how they are paired. */
export interface PairingOptions {
  readonly mainRows: number;
  /** Rows of the control region's table that take part. */
  readonly control: Int32Array;
  readonly seed: number;
  /** The reference's pairs, the same in each epoch: control region cut or mirrored to the length of the main sample. */
  readonly isFixed?: boolean;
}

/**
 * Which control region jet travels with each main jet. In a step only the membership of a batch counts, so fresh pairs
 * are an independent shuffle of the control region. It is dealt out like a deck of cards: every jet comes once before
 * any comes again, whether the control region is the shorter or the longer sample, across the ends of epochs.
 *
 * The engine reads `picks` in place: it is refilled between epochs from (seed, epoch) alone, so that a resumed run has
 * the same pairs.
 */
export class ControlPairing implements Callback {
  readonly name = 'control-pairing';
  /** Row in the table of the control region for each main row, in shared memory; for `Column.picks`. */
  readonly picks: Int32Array;

  constructor(private readonly options: PairingOptions) {
    this.picks = new Int32Array(new SharedArrayBuffer(4 * options.mainRows));
    this.deal(1);
  }

  onTrainingStart({ epoch }: TrainingStart): void {
    this.deal(epoch + 1);
  }

  onEpochEnd(_: Logs, { epoch }: EpochContext): void {
    this.deal(epoch + 1);
  }

  private deal(epoch: number): void {
    const { mainRows, control, seed, isFixed = false } = this.options;
    if (isFixed) {
      this.picks.set(fittedRows(control.length, mainRows).map((position) => control[position]));
      return;
    }
    const first = (epoch - 1) * mainRows;
    for (let row = 0; row < mainRows;) {
      const round = Math.floor((first + row) / control.length);
      const begin = first + row - round * control.length;
      const deck = epochOrder(control.length, seed ^ CONTROL_SEED, round + 1);
      const dealt = deck.subarray(begin, begin + mainRows - row).map((position) => control[position]);
      this.picks.set(dealt, row);
      row += dealt.length;
    }
  }
}
