/** From calibrated charges to frames with any of the chip's algorithms. */
import { convertCharges } from './autoencoder/converter.ts';
import { bestChoice } from './best-choice.ts';
import { autoencoderPlan } from './frames/autoencoder-frames.ts';
import { bestChoicePlan } from './frames/best-choice-frames.ts';
import { makeFrames } from './frames/frames.ts';
import type { FramePlan, Frames, FrameSettings } from './frames/frames.ts';
import { repeaterPlan } from './frames/repeater-frames.ts';
import { superCellPlan } from './frames/super-cell-frames.ts';
import { thresholdSumPlan } from './frames/threshold-sum-frames.ts';
import type { ChannelOrder } from './multiplexer.ts';
import { repeater } from './repeater.ts';
import { superCellFormats, superTriggerCells } from './super-trigger-cells.ts';
import type { SuperCellType } from './super-trigger-cells.ts';
import { thresholdSum } from './threshold-sum.ts';

/** Names of the algorithms. */
export const algorithmNames = [
  'threshold-sum',
  'super-trigger-cells',
  'best-choice',
  'repeater',
  'autoencoder',
] as const;

/** One of these. */
export type AlgorithmName = (typeof algorithmNames)[number];

/** Registers of an algorithm. `droppedBits`: lowest bits of CALQ dropped before a charge is encoded (DropLSB). */
export type Algorithm =
  | {
      readonly name: 'threshold-sum';
      /** 48 registers in CALQ counts; a charge at the threshold is kept. */
      readonly thresholds: ArrayLike<number>;
      readonly droppedBits: number;
      /** Sends the sum of all charges instead of those below threshold (UseSum). */
      readonly sendsFullSum: boolean;
    }
  | {
      readonly name: 'best-choice';
      readonly droppedBits: number;
      readonly sendsFullSum: boolean;
      /** Sends charges of code 0 in their place; the chip's emulator leaves them out (default). */
      readonly keepsZeros?: boolean;
    }
  | { readonly name: 'super-trigger-cells'; readonly type: SuperCellType; readonly droppedBits: number }
  | { readonly name: 'repeater'; readonly droppedBits: number }
  | {
      readonly name: 'autoencoder';
      /** Raw latent numbers in units of 2^-8, [crossings, 16], of normalised charges in units of 2^-7. */
      readonly encoder: (inputs: Uint8Array) => Uint16Array;
      /** Kept bits of each latent number, [16]. */
      readonly mask: ArrayLike<number>;
    };

/** Order of channels that an algorithm expects: super cells are neighbours, or as the encoder was trained. */
export function channelOrder(algorithm: AlgorithmName): ChannelOrder {
  return algorithm === 'autoencoder' ? 'trigger-cell' : 'chip';
}

/**
 * Frames of calibrated charges.
 * @param charges CALQ in the algorithm's {@link channelOrder}, [crossings, 48]
 * @throws RangeError when lengths do not fit, or unless there are 1 to 13 eLinks
 */
export function encodeCharges(algorithm: Algorithm, charges: Int32Array, settings: FrameSettings): Frames {
  return makeFrames(settings, planOf(algorithm, charges, settings.eLinks));
}

function planOf(algorithm: Algorithm, charges: Int32Array, eLinks: number): FramePlan {
  switch (algorithm.name) {
    case 'threshold-sum': {
      const { thresholds, droppedBits, sendsFullSum } = algorithm;
      return thresholdSumPlan(thresholdSum(charges, thresholds, droppedBits), sendsFullSum);
    }
    case 'best-choice':
      return bestChoicePlan(bestChoice(charges, algorithm.droppedBits), eLinks, algorithm);
    case 'super-trigger-cells': {
      const { type, droppedBits } = algorithm;
      const superCells = superTriggerCells(charges, superCellFormats[type].cells);
      return superCellPlan(superCells, type, eLinks, droppedBits);
    }
    case 'repeater':
      return repeaterPlan(repeater(charges, algorithm.droppedBits), eLinks);
    case 'autoencoder': {
      const { inputs, sums } = convertCharges(charges);
      return autoencoderPlan(algorithm.encoder(inputs), sums, algorithm.mask, eLinks);
    }
  }
}
