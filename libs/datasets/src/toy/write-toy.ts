import { writeWafers } from '../wafers/write-wafers.ts';
import type { WaferData } from '../wafers/wafer-data.ts';
import type { ToyRequest } from './toy-wafers.ts';
import { generateToy } from './toy-wafers.ts';

const ROWS_PER_BATCH = 20_000;

/** Writes a synthetic CSV file in layout D; the same request gives the same bytes. */
export async function writeToy(path: string, request: ToyRequest): Promise<void> {
  await writeWafers(path, batches(request));
}

function* batches({ rows, seed, firstRow = 0 }: ToyRequest): Generator<WaferData> {
  for (let done = 0; done < Math.max(1, rows); done += ROWS_PER_BATCH) {
    yield generateToy({ rows: Math.min(ROWS_PER_BATCH, rows - done), seed, firstRow: firstRow + done });
  }
}
