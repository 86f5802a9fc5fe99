/** From link words back to charges with any of the chip's algorithms. */
import { SYNC_WORD } from '../frames/frames.ts';
import type { SuperCellType } from '../super-trigger-cells.ts';
import type { DecodedCharges } from './decoded.ts';
import { FixedDecoder } from './fixed-decoder.ts';
import { bestChoiceReader, latentReader, repeaterReader, superCellReader } from './fixed-frames.ts';
import type { FrameReader, SuperCellSpread } from './fixed-frames.ts';
import { ThresholdSumDecoder } from './threshold-sum-decoder.ts';

/** Turns latent numbers into charges: [crossings, 16] in units of 2^-8 and module sums to CALQ counts [crossings, 48]. */
export type LatentDecoder = (latent: Uint16Array, sums: Float64Array) => Float32Array;

/** What the back end must know of an algorithm's registers. */
export type SentFormat =
  | { readonly name: 'threshold-sum' | 'best-choice' | 'repeater'; readonly droppedBits: number }
  | {
      readonly name: 'super-trigger-cells';
      readonly type: SuperCellType;
      readonly droppedBits: number;
      /** Default `largest`. */
      readonly spread?: SuperCellSpread;
    }
  | {
      readonly name: 'autoencoder';
      /** Kept bits of each latent number, [16]. */
      readonly mask: ArrayLike<number>;
      readonly decoder: LatentDecoder;
    };

/** Decodes block by block. */
export interface LinkDecoder {
  /**
   * Charges of link words [crossings, eLinks]. Threshold sum: of the frames that they complete.
   * @throws LinkWordError on words that the chip cannot have sent
   */
  readonly decode: (links: ArrayLike<number>) => DecodedCharges;
}

/**
 * @param syncWord idle pattern of the chip, 11 bits
 * @throws RangeError unless there are 1 to 13 eLinks, and on an idle pattern that {@link isFramePattern} forbids
 */
export function linkDecoder(format: SentFormat, eLinks: number, syncWord = SYNC_WORD): LinkDecoder {
  const fixed = (reader: FrameReader) => chargeDecoder(eLinks, reader, syncWord);
  switch (format.name) {
    case 'threshold-sum':
      return new ThresholdSumDecoder(eLinks, format.droppedBits, syncWord);
    case 'best-choice':
      return fixed(bestChoiceReader(eLinks, format.droppedBits));
    case 'super-trigger-cells': {
      const { type, droppedBits, spread = 'largest' } = format;
      return fixed(superCellReader(type, eLinks, droppedBits, spread));
    }
    case 'repeater':
      return fixed(repeaterReader(eLinks, format.droppedBits));
    case 'autoencoder': {
      const latents = new LatentLinks(eLinks, format.mask, syncWord);
      return {
        decode(links) {
          const { latent, ...rest } = latents.decode(links);
          return { ...rest, charges: format.decoder(latent, rest.sums) };
        },
      };
    }
  }
}

function chargeDecoder(eLinks: number, reader: FrameReader, syncWord: number): LinkDecoder {
  const frames = new FixedDecoder(eLinks, reader, syncWord);
  return {
    decode(links) {
      const { values, ...rest } = frames.decode(links);
      return { ...rest, charges: values };
    },
  };
}

/** What a frame of the autoencoder holds. */
export interface DecodedLatent extends Omit<DecodedCharges, 'charges'> {
  /** Raw latent numbers in units of 2^-8, bits that were not sent zero, [crossings, 16]. */
  readonly latent: Uint16Array;
}

/** Reads latent numbers and module sums block by block. */
export class LatentLinks {
  private readonly frames: FixedDecoder;

  /**
   * @param mask kept bits of each latent number, [16]
   * @param syncWord idle pattern of the chip, 11 bits
   */
  constructor(eLinks: number, mask: ArrayLike<number>, syncWord = SYNC_WORD) {
    this.frames = new FixedDecoder(eLinks, latentReader(eLinks, mask), syncWord);
  }

  /** As {@link LinkDecoder}. */
  decode(links: ArrayLike<number>): DecodedLatent {
    const { values, ...rest } = this.frames.decode(links);
    return { ...rest, latent: Uint16Array.from(values) };
  }
}
