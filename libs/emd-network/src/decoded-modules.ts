/** Modules beside what an autoencoder made of them, from its verification files. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readTable } from '@hep/datasets';
import { TRIGGER_CELLS } from '@hep/hgcal-geometry';
import { UserError } from '@hep/options';

const INPUT = 'verify_input_calQ.csv';
const DECODED = 'verify_decoded_calQ.csv';

/** Charges before and after an autoencoder, [rows, 48] each, in units of their own. */
export interface DecodedModules {
  readonly rows: number;
  readonly input: Float32Array;
  readonly decoded: Float32Array;
  /** Files that were read. */
  readonly files: readonly string[];
}

/**
 * Reads `verify_input_calQ.csv` and `verify_decoded_calQ.csv` of a folder or of the `exports` of a run directory; a
 * header is recognised. Rows that are empty on either side are left out on both.
 * @param rowsPerFile most rows to read
 * @throws UserError when a file is missing or odd, or when nothing is left to pair
 */
export async function readDecodedModules(folder: string, rowsPerFile: number): Promise<DecodedModules> {
  const files = decodedModuleFiles(folder);
  const matrix = Array.from({ length: TRIGGER_CELLS }, (_, cell) => cell);
  const request = { matrix, matrixCheck: 'non-negative', header: 'auto', rowsPerFile } as const;
  const [input, decoded] = await Promise.all(files.map((path) => readTable([path], request)));
  if (input.rows !== decoded.rows) {
    throw new UserError(
      `${folder}: ${input.rows} rows in ${INPUT} and ${decoded.rows} in ${DECODED}, expected as many; write them anew`,
    );
  }
  const rows = Int32Array.from({ length: input.rows }, (_, row) => row);
  const kept = rows.filter((row) => !isEmpty(input.matrix, row) && !isEmpty(decoded.matrix, row));
  if (kept.length < 2) {
    throw new UserError(
      `${folder}: ${kept.length} modules with charge on both sides, expected 2 or more; ` +
        'train the autoencoder with --verify-rows -1',
    );
  }
  return {
    rows: kept.length,
    input: selected(input.matrix, kept),
    decoded: selected(decoded.matrix, kept),
    files,
  };
}

/**
 * Where the verification files of an autoencoder are: input and decoded.
 * @throws UserError when they are not there
 */
export function decodedModuleFiles(folder: string): readonly [string, string] {
  for (const place of [folder, join(folder, 'exports')]) {
    const files = [join(place, INPUT), join(place, DECODED)] as const;
    if (files.every((path) => existsSync(path))) return files;
  }
  throw new UserError(
    `${folder}: no ${INPUT} with ${DECODED} there; give the run directory of an autoencoder, ` +
      'trained with --verify-rows -1',
  );
}

function isEmpty(charges: Float32Array, row: number): boolean {
  return charges.subarray(row * TRIGGER_CELLS, (row + 1) * TRIGGER_CELLS).every((charge) => charge === 0);
}

function selected(charges: Float32Array, rows: Int32Array): Float32Array {
  const chosen = new Float32Array(rows.length * TRIGGER_CELLS);
  rows.forEach((row, to) =>
    chosen.set(charges.subarray(row * TRIGGER_CELLS, (row + 1) * TRIGGER_CELLS), to * TRIGGER_CELLS),
  );
  return chosen;
}
