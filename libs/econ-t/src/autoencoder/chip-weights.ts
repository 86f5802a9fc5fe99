/** Weights of the encoder in the chip's registers: 12 registers of 1072 bits, numbers of 6 bits in units of 1/32. */

/** Weights as integers -32..31 in units of 1/32, in the order of the Keras tensors. */
export interface ChipWeights {
  /** [3, 3, 1, 8] */
  readonly convKernel: Int8Array;
  /** [8] */
  readonly convBias: Int8Array;
  /** [128, 16] */
  readonly denseKernel: Int8Array;
  /** [16] */
  readonly denseBias: Int8Array;
}

/** Tensors in the order of the registers, lowest bit first, with their sizes. */
export const chipTensors = [
  ['convKernel', 72],
  ['convBias', 8],
  ['denseKernel', 2048],
  ['denseBias', 16],
] as const satisfies readonly (readonly [keyof ChipWeights, number])[];

/** Registers that hold all weights. */
const WEIGHT_REGISTERS = 12;

/** Bits of a register. */
const REGISTER_BITS = 1072;
/** Weights are integers in units of 2^-5. */
export const WEIGHT_FRACTION_BITS = 5;

const WEIGHT_BITS = 6;
const SIGN = 1 << (WEIGHT_BITS - 1);
const HEX_DIGITS = REGISTER_BITS / 4;

/**
 * Weights from the registers' hexadecimal texts, register 0 first, with or without `0x`.
 * @throws RangeError on another number of registers, and on texts that are no numbers of 1072 bits
 */
export function parseChipWeights(registers: readonly string[]): ChipWeights {
  if (registers.length !== WEIGHT_REGISTERS) {
    throw new RangeError(`${registers.length} weight registers; expected ${WEIGHT_REGISTERS}`);
  }
  const bits = registers.map(bitsOfRegister).join('');
  let position = 0;
  const take = () => {
    const field = bits.slice(position, (position += WEIGHT_BITS));
    const value = Number.parseInt([...field].reverse().join(''), 2);
    return value < SIGN ? value : value - 2 * SIGN;
  };
  const tensors = chipTensors.map(([name, size]) => [name, Int8Array.from({ length: size }, take)] as const);
  return Object.fromEntries(tensors) as unknown as ChipWeights;
}

/**
 * The registers' hexadecimal texts of weights, register 0 first: the inverse of {@link parseChipWeights}.
 * @throws RangeError when a tensor has another size or a weight is no integer -32..31
 */
export function packChipWeights(weights: ChipWeights): string[] {
  let bits = '';
  for (const [name, size] of chipTensors) {
    const tensor = weights[name];
    if (tensor.length !== size) throw new RangeError(`${name}: ${tensor.length} weights; expected ${size}`);
    for (const weight of tensor) {
      if (!Number.isInteger(weight) || weight < -SIGN || weight >= SIGN) {
        throw new RangeError(`${name}: weight ${weight}; expected an integer from ${-SIGN} to ${SIGN - 1}`);
      }
      bits += lowestFirst((weight & (2 * SIGN - 1)).toString(2).padStart(WEIGHT_BITS, '0'));
    }
  }
  return Array.from({ length: WEIGHT_REGISTERS }, (_, register) => {
    const part = bits.slice(register * REGISTER_BITS, (register + 1) * REGISTER_BITS);
    return `0x${BigInt(`0b${lowestFirst(part)}`)
      .toString(16)
      .padStart(HEX_DIGITS, '0')}`;
  });
}

/** Bits of a register, lowest first. */
function bitsOfRegister(text: string, register: number): string {
  const digits = text.trim().replace(/^0x/i, '');
  if (!/^[0-9a-f]+$/i.test(digits) || BigInt(`0x${digits}`) >> BigInt(REGISTER_BITS) > 0n) {
    const shown = text.length > 20 ? `${text.slice(0, 17)}...` : text;
    throw new RangeError(
      `weight register ${register}: "${shown}"; expected a hexadecimal number of ${REGISTER_BITS} bits`,
    );
  }
  return lowestFirst(BigInt(`0x${digits}`).toString(2).padStart(REGISTER_BITS, '0'));
}

function lowestFirst(bits: string): string {
  return [...bits].reverse().join('');
}
