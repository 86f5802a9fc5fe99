import { epochCurves } from './epoch-curves.ts';
import { plainText, type Figure } from './figure.ts';

/** Loss after every epoch, starting with epoch 1. */
export interface LossHistory {
  readonly training: ArrayLike<number>;
  readonly validation?: ArrayLike<number>;
  /** Name of the loss for the axis. */
  readonly lossName?: string;
  /** Epoch (from 1) whose weights are kept, marked by a line. */
  readonly bestEpoch?: number;
}

/** Training and validation loss against the epoch, logarithmic where all values are positive. */
export function lossCurves({ training, validation, lossName = 'loss', bestEpoch }: LossHistory): Figure {
  return epochCurves({
    series: [
      { name: 'Training', values: training },
      ...(validation ? [{ name: 'Validation', values: validation }] : []),
    ],
    yTitle: capitalised(plainText(lossName)),
    scale: 'automatic',
    bestEpoch,
  });
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
