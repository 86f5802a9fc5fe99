import { quantiser } from '@hep/quant';
import type { Quantiser, QuantiserSettings } from '@hep/quant';
import { UserError } from '@hep/options';

/** A fixed-point format: bits in all, a sign included where there is one, and bits left of the point without it. */
export interface FixedPointFormat {
  readonly bits: number;
  readonly integer: number;
}

/**
 * Formats of the numbers in a quantised encoder. Input and weights are signed; accumulator and latent are not, save in
 * the conditional autoencoder.
 */
export interface Quantisation {
  /** Pixels of the image. */
  readonly input: FixedPointFormat;
  /** Rectified sums of convolutions and hidden dense layers. */
  readonly accumulator: FixedPointFormat;
  /** Kernels and biases of convolutions. */
  readonly conv: FixedPointFormat;
  /** Kernels and biases of dense layers. */
  readonly dense: FixedPointFormat;
  /** Elements of the latent vector. */
  readonly latent: FixedPointFormat;
}

/** Formats of the weights: as the Ecoder study trained them, and as the chip holds them. */
export const weightPresets = {
  ecoder: { bits: 5, integer: 1 },
  asic: { bits: 6, integer: 0 },
} as const satisfies Record<string, FixedPointFormat>;

/** Name of the formats of a study, or of the chip. */
export type QuantisationPreset = keyof typeof weightPresets;

/** All of them. */
export const quantisationPresets = Object.keys(weightPresets) as readonly QuantisationPreset[];

/** Bits of a latent element by number of eLinks: 16 of them, the charge sum and the header fill 32 bits an eLink. */
const latentBits: Readonly<Record<number, number>> = { 2: 3, 3: 5, 4: 7, 5: 9 };

/** What a quantisation is made from; every format may be given by itself. */
export interface QuantisationOptions extends Partial<Quantisation> {
  /** Default `ecoder`. */
  readonly preset?: QuantisationPreset;
  /** Decides the bits of the latent vector; 2 to 5, default 5. */
  readonly elinks?: number;
}

/**
 * The formats of a quantised encoder (Ecoder study: input 10 bits, accumulator 11, weights 5; ECON-T: weights 6).
 * @throws UserError for another number of eLinks and for a format that cannot exist
 */
export function quantisation(options: QuantisationOptions = {}): Quantisation {
  const { preset = 'ecoder', elinks = 5, ...given } = options;
  if (!Object.hasOwn(latentBits, elinks)) {
    throw new UserError(
      `${elinks} eLinks: latent bits are defined for 2, 3, 4 and 5 eLinks; choose one of them`,
    );
  }
  const weights = weightPresets[preset];
  const formats: Quantisation = {
    input: given.input ?? { bits: 10, integer: 3 },
    accumulator: given.accumulator ?? { bits: 11, integer: 3 },
    conv: given.conv ?? weights,
    dense: given.dense ?? weights,
    latent: given.latent ?? { bits: latentBits[elinks], integer: 1 },
  };
  for (const [name, format] of Object.entries(formats)) check(name, format as FixedPointFormat);
  return formats;
}

function check(name: string, format: FixedPointFormat): void {
  try {
    signed(format);
  } catch (error) {
    throw error instanceof UserError ? new UserError(`bits of ${name}: ${error.message}`) : error;
  }
}

/** QKeras' quantiser of signed numbers. */
export function signed({ bits, integer }: FixedPointFormat): Quantiser {
  return quantiser({ kind: 'quantized_bits', bits, integer, alpha: 1 } satisfies QuantiserSettings);
}

/** QKeras' quantiser of rectified numbers. */
export function rectified({ bits, integer }: FixedPointFormat): Quantiser {
  return quantiser({ kind: 'quantized_relu', bits, integer } satisfies QuantiserSettings);
}
