/** What the back end sees of modules: a chip and a decoder, one module for each crossing. */
import { MAX_ELINKS } from '@hep/hgcal-geometry';
import { channelOrder } from './algorithm.ts';
import type { Algorithm } from './algorithm.ts';
import { bufferActions } from './buffer.ts';
import { BunchCounter, CROSSINGS_PER_ORBIT } from './bunch-counter.ts';
import { CHANNELS, crossingsOf } from './channels.ts';
import { Transmitter } from './chip.ts';
import { linkDecoder } from './decode/decoder.ts';
import type { SuperCellSpread } from './decode/fixed-frames.ts';
import { inverseSelect, multiplex, multiplexerSelect, triggerCellOfChannel } from './multiplexer.ts';

/** The algorithms whose frames hold charges. */
export type ChargeAlgorithm = Exclude<Algorithm, { name: 'autoencoder' }>;

/** What the back end got. */
export interface SentModules {
  /** Decoded charges in CALQ counts by trigger cell, [modules, 48]. */
  readonly charges: Float32Array;
  /** Bits of a frame on average. */
  readonly frameBits: number;
  /** Modules whose frame was cut because the buffer was full; they have no charges. */
  readonly cutModules: number;
}

/**
 * Sends modules and decodes what arrives.
 * @param charges CALQ by trigger cell, [modules, 48]
 * @param spread where the sum of a super cell goes
 * @throws RangeError when the last module is not whole, or the links carry nothing of the algorithm
 */
export function sendModules(
  algorithm: ChargeAlgorithm,
  charges: Int32Array,
  eLinks: number,
  spread: SuperCellSpread = 'largest',
): SentModules {
  const modules = crossingsOf(charges, CHANNELS, 'charges');
  const select =
    channelOrder(algorithm.name) === 'chip' ? triggerCellOfChannel() : multiplexerSelect('input');
  const chip = new Transmitter({ algorithm, eLinks });
  const crossings = Int32Array.from({ length: modules }, (_, module) => module % CROSSINGS_PER_ORBIT);
  const sent = chip.send(multiplex(charges, select), { counters: new BunchCounter().count(crossings) });
  const decoder = linkDecoder(
    algorithm.name === 'super-trigger-cells' ? { ...algorithm, spread } : algorithm,
    eLinks,
  );
  const inUse = (words: Uint32Array) => words.filter((_, i) => i % MAX_ELINKS < eLinks);
  const received = new Float32Array(charges.length);
  const first = decoder.decode(inUse(sent.links)).charges;
  received.set(first);
  if (algorithm.name === 'threshold-sum') {
    received.set(decoder.decode(inUse(chip.drain())).charges, first.length);
  }
  return {
    charges: multiplex(received, inverseSelect(select)),
    frameBits: (16 * sent.frames.counts.reduce((sum, words) => sum + words, 0)) / Math.max(1, modules),
    cutModules: sent.actions.filter((action) => action < bufferActions.storedNearlyFull).length,
  };
}
