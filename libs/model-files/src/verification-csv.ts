import { join } from 'node:path';
import { atomicWrite } from '@hep/files';

/** Numbers in C order, one row per module. */
export interface NumberRows {
  readonly values: ArrayLike<number>;
  /** Numbers per row. */
  readonly width: number;
}

/** What the RTL verification files show; every array has the same number of rows. */
export interface VerificationData {
  /** Normalised pictures, `[rows, H * W * C]`. */
  readonly image: NumberRows;
  /** Factor between normalised and physical charge per row, MIP_T. */
  readonly sumMipT: ArrayLike<number>;
  /** Charges of the 48 trigger cells, MIP_T, `[rows, 48]`. */
  readonly inputMipT: NumberRows;
  /** Encoder output, `[rows, 16]`. */
  readonly latent: NumberRows;
  /** Decoder output with masked pixels at zero, `[rows, H * W * C]`. */
  readonly decodedImage: NumberRows;
  /** Decoder output in trigger cell order, still normalised, `[rows, 48]`. */
  readonly decodedCells: NumberRows;
  /** Further columns of both 48-cell files, for example eta, phi or simulated energy, `[rows, n]`. */
  readonly extra?: NumberRows;
}

/** ADC counts of one transverse MIP. */
const COUNTS_PER_MIP_T = 35;

/**
 * Writes the six `verify_*.csv` files of a model into `directory`: no header, comma, `%.12f`. Only the first
 * `maxRows` modules are written (negative: all). Returns the paths.
 */
export async function writeVerificationFiles(
  directory: string,
  data: VerificationData,
  maxRows = -1,
): Promise<string[]> {
  const absolute = Float64Array.from(
    { length: data.image.values.length },
    (_, i) => data.image.values[i]! * data.sumMipT[Math.floor(i / data.image.width)]! * COUNTS_PER_MIP_T,
  );
  const extra = data.extra ? [data.extra] : [];
  const files: Record<string, readonly NumberRows[]> = {
    'verify_input_ae.csv': [data.image],
    'verify_input_ae_abs.csv': [{ values: absolute, width: data.image.width }],
    'verify_input_calQ.csv': [data.inputMipT, ...extra],
    'verify_output.csv': [data.latent],
    'verify_decoded.csv': [data.decodedImage],
    'verify_decoded_calQ.csv': [data.decodedCells, ...extra],
  };
  return Promise.all(
    Object.entries(files).map(async ([name, blocks]) => {
      const path = join(directory, name);
      await atomicWrite(path, fixedCsv(blocks, maxRows));
      return path;
    }),
  );
}

/**
 * Text of a csv without header; the blocks stand side by side. Throws `Error` when their row counts differ.
 */
export function fixedCsv(blocks: readonly NumberRows[], maxRows = -1): string {
  const counts = blocks.map((block) => block.values.length / block.width);
  const rows = counts[0] ?? 0;
  if (!Number.isInteger(rows) || counts.some((count) => count !== rows)) {
    throw new Error(`columns of different length: ${counts.join(', ')} rows`);
  }
  const wanted = maxRows < 0 ? rows : Math.min(rows, maxRows);
  let text = '';
  for (let row = 0; row < wanted; row++) {
    const fields: string[] = [];
    for (const { values, width } of blocks) {
      for (let i = row * width; i < (row + 1) * width; i++) fields.push(fixed12(values[i]!));
    }
    text += `${fields.join(',')}\n`;
  }
  return text;
}

/** Ties of a 12-decimal rounding are the odd multiples of 2^-13. */
const TIE_SCALE = 8192;

/** C's `%.12f`: round half to even, `-0`, `nan` and `inf` as C writes them. */
export function fixed12(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return `${sign}inf`;
  const digits = magnitude < 1e21 ? magnitude.toFixed(12) : `${BigInt(magnitude)}.000000000000`;
  const scaled = magnitude * TIE_SCALE;
  const isTie = Number.isInteger(scaled) && scaled % 2 === 1;
  const last = Number(digits.at(-1));
  return sign + (isTie && last % 2 === 1 ? `${digits.slice(0, -1)}${last - 1}` : digits);
}
