/** What fits on a module's eLinks (32 bits per bunch crossing each): autoencoder, best choice, threshold. */

/** eLinks of the chip. */
export const MAX_ELINKS = 13;
/** Numbers the encoder sends. */
export const LATENT_SIZE = 16;

/** Register of one latent number: unsigned, `total` bits of which `integer` stand before the binary point. */
export interface LatentRegister {
  readonly total: number;
  readonly integer: 1;
  readonly signed: false;
}

/**
 * Register of the encoder's outputs for 2 to 5 eLinks: 3, 5, 7, 9 bits.
 * @throws RangeError for any other number of eLinks
 */
export function latentRegister(eLinks: number): LatentRegister {
  expectELinks(eLinks, 2, 5, 'the autoencoder');
  return { total: 2 * eLinks - 1, integer: 1, signed: false };
}

/**
 * Trigger cells that best choice keeps in the Ecoder study for 2 to 5 eLinks: 4, 6, 9, 14.
 * @throws RangeError for any other number of eLinks
 */
export function bestChoiceCells(eLinks: number): number {
  expectELinks(eLinks, 2, 5, 'the best choice of the Ecoder study');
  return bestChoiceByELinks[eLinks];
}

/**
 * Trigger cells that the chip's best choice sends on 0 to 13 eLinks.
 * @throws RangeError for any other number of eLinks
 */
export function chipBestChoiceCells(eLinks: number): number {
  expectELinks(eLinks, 0, MAX_ELINKS, 'the chip');
  return bestChoiceByELinks[eLinks];
}

/**
 * Bits of latent data in the chip's autoencoder format on 1 to 13 eLinks: 32 bits per eLink less 9 for the module sum
 * and 5 for the header; more than 5 eLinks carry nothing more.
 * @throws RangeError for any other number of eLinks
 */
export function autoencoderDataBits(eLinks: number): number {
  expectELinks(eLinks, 1, MAX_ELINKS, 'the chip');
  return 32 * Math.min(eLinks, 5) - 9 - 5;
}

const bestChoiceByELinks: readonly number[] = [0, 1, 4, 6, 9, 14, 18, 23, 28, 32, 37, 41, 46, 48];

function expectELinks(eLinks: number, least: number, most: number, user: string): void {
  if (!Number.isInteger(eLinks) || eLinks < least || eLinks > most) {
    throw new RangeError(`${eLinks} eLinks: ${user} needs an integer from ${least} to ${most}`);
  }
}
