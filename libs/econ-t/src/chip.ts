/** A whole chip, block by block: input links to calibrated charges, charges to output links. */
import { encodeCharges } from './algorithm.ts';
import type { Algorithm } from './algorithm.ts';
import { TxBuffer } from './buffer.ts';
import type { BufferOutput, BufferThresholds } from './buffer.ts';
import { calibrate, floatToFixed } from './calibration.ts';
import type { Frames } from './frames/frames.ts';
import { LinkReset, resetDelays } from './link-reset.ts';
import { multiplex } from './multiplexer.ts';
import { splitLinkWords } from './raw-links.ts';
import type { WordOrder } from './raw-links.ts';

/** Registers of the input side. */
export interface InputSettings {
  /** Select registers of the multiplexer, [48]. */
  readonly select: ArrayLike<number>;
  /** Bits that the front end dropped from each charge. */
  readonly inputDroppedBits: number;
  /** Calibration registers in units of 2^-11 in the order behind the multiplexer, [48]. */
  readonly calibration: ArrayLike<number>;
  readonly wordOrder?: WordOrder;
}

/**
 * Calibrated charges (CALQ) of link words: [crossings, 12] to [crossings, 48].
 * @throws RangeError when the last crossing is not whole
 */
export function chargesOfLinks(words: ArrayLike<number>, settings: InputSettings): Int32Array {
  const { select, inputDroppedBits, calibration, wordOrder } = settings;
  const codes = multiplex(splitLinkWords(words, wordOrder), select);
  return calibrate(floatToFixed(codes, inputDroppedBits), calibration);
}

/** Registers of the output side. */
export interface OutputSettings {
  readonly algorithm: Algorithm;
  /** Output links in use, 1..13. */
  readonly eLinks: number;
  readonly buffer?: BufferThresholds;
  readonly syncWord?: number;
}

/** What comes with the charges of a block. */
export interface BlockControl {
  /** Bunch crossing counters, [crossings]. */
  readonly counters: Uint8Array;
  /** 1 where a link reset is commanded, [crossings]. Default: nowhere. */
  readonly resetCommands?: ArrayLike<number>;
  /** The same of the crossing behind the block. */
  readonly nextResetCommand?: number;
}

/** Frames and what went out on the links in the same crossings. */
export interface Transmission extends BufferOutput {
  readonly frames: Frames;
}

/** Algorithm, formatter and buffer of a chip; goes on from block to block. */
export class Transmitter {
  private readonly buffer: TxBuffer;
  private readonly linkReset: LinkReset;

  /** @throws RangeError unless there are 1 to 13 eLinks */
  constructor(private readonly settings: OutputSettings) {
    this.buffer = new TxBuffer(settings.eLinks, settings.buffer);
    this.linkReset = new LinkReset(resetDelays[settings.algorithm.name]);
  }

  /** Sends calibrated charges in the algorithm's order, [crossings, 48]. */
  send(charges: Int32Array, { counters, resetCommands, nextResetCommand }: BlockControl): Transmission {
    const { algorithm, eLinks, syncWord } = this.settings;
    const commands = resetCommands ?? new Uint8Array(counters.length);
    const resets = this.linkReset.resets(commands, nextResetCommand);
    const frames = encodeCharges(algorithm, charges, {
      eLinks,
      counters,
      resets,
      ...(syncWord === undefined ? {} : { syncWord }),
    });
    return { frames, ...this.buffer.process(frames) };
  }

  /** Link words of the crossings that it takes to send what is left in the buffer, [crossings, 13]. */
  drain(): Uint32Array {
    return this.buffer.drain();
  }
}
