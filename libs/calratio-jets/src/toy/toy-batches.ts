import type { ColumnTable } from '@hep/datasets/columns';
import type { ToyJetsRequest } from './toy-jets.ts';
import { generateToyJets } from './toy-jets.ts';

const ROWS_PER_BATCH = 2000;

/** Toy jets in parts that fit into memory, however many they are; the rows are those of `generateToyJets`. */
export async function* toyJetBatches({
  rows,
  firstRow = 0,
  ...request
}: ToyJetsRequest): AsyncGenerator<ColumnTable> {
  for (let done = 0; done < rows; done += ROWS_PER_BATCH) {
    const batch = { rows: Math.min(ROWS_PER_BATCH, rows - done), firstRow: firstRow + done };
    yield generateToyJets({ ...request, ...batch });
    await new Promise(setImmediate);
  }
}
