import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGenerator } from '@hep/datasets';
import type { Trainer, TrainRequest, TrainResult } from '@hep/engine';
import { temporaryFolder } from '@hep/test-support';
import fc from 'fast-check';
import { drawnFromEach, drawnRows, readShard, RowStream, shuffledPieces, writeShard } from './index.ts';

const folder = await temporaryFolder();

const table = (rows: number) => ({
  rows,
  columns: {
    features: { width: 3, values: Float32Array.from({ length: 3 * rows }, (_, i) => i / 7) },
    kind: { width: 1, values: Uint8Array.from({ length: rows }, (_, i) => i % 5) },
    score: { width: 1, values: Float32Array.from({ length: rows }, (_, i) => -i) },
  },
});

describe('shard files', () => {
  it('give back what was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(50), async (rows) => {
        const record = await writeShard(folder, 'a.columns', table(rows));
        expect(await readShard(folder, record)).toEqual(table(rows));
      }),
      { numRuns: 20 },
    );
  });

  it('are refused when a byte differs, when they are cut and when they are gone', async () => {
    const record = await writeShard(folder, 'b.columns', table(20));
    const path = join(folder, 'b.columns');
    const bytes = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const other = Buffer.from(bytes);
        other[place] ^= change;
        await writeFile(path, other);
        await expect(readShard(folder, record)).rejects.toThrow('b.columns: shard is damaged');
      }),
      { numRuns: 50 },
    );
    await writeFile(path, bytes.subarray(0, 100));
    await expect(readShard(folder, record)).rejects.toThrow(`shard has 100 bytes, expected ${bytes.length}`);
    await rm(path);
    await expect(readShard(folder, record)).rejects.toThrow(
      'shard cannot be read (ENOENT); prepare it again',
    );
  });
});

describe('exact draws', () => {
  it('take as many as wanted from piles, never more than a pile has', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (sizes, part, seed) => {
          const wanted = Math.floor(part * sizes.reduce((sum, size) => sum + size, 0));
          const drawn = drawnFromEach(sizes, wanted, createGenerator(seed));
          expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(wanted);
          drawn.forEach((count, pile) => expect(count).toBeLessThanOrEqual(sizes[pile]));
        },
      ),
    );
  });

  it('take as many rows of each class as wanted, each at most once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 60 }), fc.nat(), (classes, seed) => {
        const count = (kind: number) => classes.filter((own) => own === kind).length;
        const wanted = new Map([
          [0, count(0)],
          [1, Math.floor(count(1) / 2)],
          [2, 0],
        ]);
        const rows = drawnRows(classes, wanted, createGenerator(seed));
        expect(new Set(rows).size).toBe(rows.length);
        for (const kind of [0, 1, 2, 3]) {
          expect(rows.filter((row) => classes[row] === kind)).toHaveLength(wanted.get(kind) ?? 0);
        }
      }),
    );
  });

  it('are uniform', () => {
    const hits = new Array<number>(10).fill(0);
    const piles = new Array<number>(3).fill(0);
    for (let seed = 0; seed < 3000; seed++) {
      drawnRows(new Uint8Array(10), new Map([[0, 3]]), createGenerator(seed)).forEach((row) => hits[row]++);
      drawnFromEach([10, 20, 30], 6, createGenerator(seed)).forEach((count, pile) => (piles[pile] += count));
    }
    hits.forEach((count) => expect(Math.abs(count - 900)).toBeLessThan(125));
    piles.forEach((count, pile) => expect(Math.abs(count / 3000 - (pile + 1))).toBeLessThan(0.1));
  });
});

/** A trainer that tells which rows it saw, batch by batch. */
function recorder(dataset: { columns: Readonly<Record<string, { values: Float32Array }>> }) {
  const seen: number[][] = [];
  const trainer: Trainer = {
    description: 'recorder',
    train: async ({ order, batchSize, firstBatch, endBatch }: TrainRequest): Promise<TrainResult> => {
      const batches: number[][] = [];
      for (let batch = firstBatch; batch < endBatch; batch++) {
        const rows = order.subarray(batch * batchSize, (batch + 1) * batchSize);
        batches.push(Array.from(rows, (row) => dataset.columns['id'].values[row]));
      }
      seen.push(...batches);
      return {
        outputs: { first: Float64Array.from(batches, ([first]) => first) },
        rows: Int32Array.from(batches, ({ length }) => length),
        badBatch: -1,
      };
    },
    evaluate: async () => ({}),
    readState: async () => ({}),
    writeState: async () => undefined,
    close: async () => undefined,
  };
  return { seen, trainer };
}

const ROWS_OF = [7, 1, 30, 12, 5, 18];
const TOTAL = 73;
const STARTS = ROWS_OF.map((_, shard) => ROWS_OF.slice(0, shard).reduce((sum, rows) => sum + rows, 0));

/** Stretches of batches of an epoch as a loop asks for them. */
async function epochOf(stretches: readonly (readonly [number, number])[], epoch: number, windowRows: number) {
  const stream = new RowStream(
    {
      rows: TOTAL,
      rowShapes: { id: [] },
      fill: async (now, range, { id }, offset) => {
        for (const { shard, first, end } of shuffledPieces(ROWS_OF, 5, now, range)) {
          for (let row = first; row < end; row++) id[offset++] = STARTS[shard] + row;
        }
      },
    },
    { batchSize: 8, windowRows, seed: 5 },
  );
  const { seen, trainer } = recorder(stream.dataset);
  const fed = stream.feed(trainer, 'train');
  const lengths: number[] = [];
  for (const [firstBatch, endBatch] of stretches) {
    const { rows } = await fed.train({
      dataset: 'train',
      order: new Int32Array(TOTAL),
      batchSize: 8,
      firstBatch,
      endBatch,
      step: (epoch - 1) * 10 + firstBatch + 1,
      learningRates: new Float32Array(endBatch - firstBatch),
      seed: 1,
    });
    lengths.push(...rows);
  }
  await fed.close();
  return { seen, lengths };
}

describe('a stream of rows', () => {
  it('shows each row once in an epoch, whatever the windows', async () => {
    for (const windowRows of [8, 16, 20, 40, 1000]) {
      const { seen, lengths } = await epochOf([[0, 10]], 2, windowRows);
      expect(seen.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: TOTAL }, (_, row) => row));
      expect(lengths).toEqual([8, 8, 8, 8, 8, 8, 8, 8, 8, 1]);
    }
  });

  it('shows the same batches however the epoch is cut, and from any batch on', async () => {
    const { seen: whole } = await epochOf([[0, 10]], 3, 24);
    expect(
      (
        await epochOf(
          [
            [0, 1],
            [1, 4],
            [4, 10],
          ],
          3,
          24,
        )
      ).seen,
    ).toEqual(whole);
    for (let first = 0; first < 10; first++) {
      expect((await epochOf([[first, 10]], 3, 24)).seen).toEqual(whole.slice(first));
    }
  });

  it('mixes the rows of a window, and goes another way in another epoch', async () => {
    const [one, two] = [await epochOf([[0, 10]], 1, 40), await epochOf([[0, 10]], 2, 40)];
    expect(one.seen.flat()).not.toEqual(two.seen.flat());
    const steps = one.seen.flat().map((row, i, all) => (i > 0 ? row - all[i - 1] : 0));
    expect(steps.filter((step) => step === 1).length).toBeLessThan(10);
  });

  it('passes on what filling says', async () => {
    const stream = new RowStream(
      { rows: 20, rowShapes: { id: [] }, fill: () => Promise.reject(new Error('shard gone')) },
      { batchSize: 8, windowRows: 8, seed: 1 },
    );
    const fed = stream.feed(recorder(stream.dataset).trainer, 'train');
    const request = { dataset: 'train', order: new Int32Array(20), batchSize: 8, firstBatch: 0, endBatch: 1 };
    await expect(
      fed.train({ ...request, step: 1, learningRates: new Float32Array(1), seed: 1 }),
    ).rejects.toThrow('shard gone');
    await fed.close();
  });
});
