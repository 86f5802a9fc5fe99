import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { createGenerator } from '@hep/datasets/random';
import type { Trainer, TrainRequest, TrainResult } from '@hep/engine';
import { temporaryFolder } from '@hep/test-support';
import fc from 'fast-check';
import { drawnFromEach, drawnStretch, readShard, RowStream, shuffledPieces, writeShard } from './index.ts';

const folder = await temporaryFolder();

const table = (rows: number, groups = [rows]) => ({
  rows,
  groups,
  columns: {
    features: { width: 3, values: Float32Array.from({ length: 3 * rows }, (_, i) => i / 7) },
    kind: { width: 1, values: Uint8Array.from({ length: rows }, (_, i) => i % 5) },
    score: { width: 1, values: Float32Array.from({ length: rows }, (_, i) => -i) },
  },
});

describe('shard files', () => {
  it('give back what was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(400), async (rows) => {
        const record = await writeShard(folder, 'a.columns', table(rows));
        expect(await readShard(folder, record)).toEqual(table(rows));
      }),
      { numRuns: 20 },
    );
  });

  it('give the rows of groups that are asked for, and no others', async () => {
    const sizes = fc.array(fc.nat(300), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(fc.tuple(fc.nat(), fc.nat())), async (groups, cuts) => {
        const rows = groups.reduce((sum, own) => sum + own, 0);
        const record = await writeShard(folder, 'g.columns', table(rows, groups));
        const wanted = groups.map((size, group) => {
          const [a, b] = cuts[group] ?? [0, 0];
          const [first, end] = [a % (size + 1), b % (size + 1)].sort((x, y) => x - y);
          return { group, first, end };
        });
        const read = await readShard(folder, record, { columns: ['score'], rows: wanted });
        const starts = groups.map((_, i) => groups.slice(0, i).reduce((sum, own) => sum + own, 0));
        const expected = wanted.flatMap(({ group, first, end }) =>
          Array.from({ length: end - first }, (_, i) => -(starts[group] + first + i)),
        );
        expect(Object.keys(read.columns)).toEqual(['score']);
        expect(read.columns['score'].values).toEqual(Float32Array.from(expected));
        expect(read.groups).toEqual(wanted.map(({ first, end }) => end - first));
      }),
      { numRuns: 50 },
    );
  });

  it('are refused when a byte differs, when they are cut and when they are gone', async () => {
    const record = await writeShard(folder, 'b.columns', table(20));
    const path = join(folder, 'b.columns');
    const bytes = await readFile(path);
    // The rest of the last eight bytes of a column belongs to nothing.
    const unused = new Set(Array.from({ length: 4 }, (_, i) => bytes.length - 80 - 4 + i));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        fc.pre(!unused.has(place));
        const other = Buffer.from(bytes);
        other[place] ^= change;
        await writeFile(path, other);
        await expect(readShard(folder, record)).rejects.toThrow('b.columns: shard is damaged');
      }),
      { numRuns: 100 },
    );
    await writeFile(path, bytes.subarray(0, 100));
    await expect(readShard(folder, record)).rejects.toThrow(`shard has 100 bytes, expected ${bytes.length}`);
    await rm(path);
    await expect(readShard(folder, record)).rejects.toThrow(
      'shard cannot be read (ENOENT); prepare it again',
    );
  });

  it.each([
    ['no JSON', 'x'],
    ['no object', 'null'],
    ['more rows than bytes', '{"rows":1e15,"groups":[1e15],"columns":[]}'],
    [
      'groups that are not its rows',
      '{"rows":20,"groups":[30],"columns":[{"name":"a","type":"uint8","width":1}]}',
    ],
    ['numbers of no type', '{"rows":20,"groups":[20],"columns":[{"name":"a","type":"int8","width":1}]}'],
    ['no width', '{"rows":20,"groups":[20],"columns":[{"name":"a","type":"uint8"}]}'],
    ['another number of rows', '{"rows":16,"groups":[16],"columns":[{"name":"a","type":"uint8","width":1}]}'],
  ])('with a head of %s are refused, whatever checksum it has', async (_, json) => {
    const text = json.padEnd(8 * Math.ceil(json.length / 8));
    const head = Buffer.alloc(16 + text.length + 8);
    head.write('HEPCOLS2', 'latin1');
    head.writeUInt32LE(text.length, 8);
    head.writeUInt32LE(head.length, 12);
    head.write(text, 16);
    const bytes = Buffer.concat([head, Buffer.alloc(16)]);
    await writeFile(join(folder, 'd.columns'), bytes);
    const record = { file: 'd.columns', rows: 20, bytes: bytes.length, checksum: crc32(head) };
    await expect(readShard(folder, record)).rejects.toThrow('d.columns: shard is damaged');
  });

  it('are refused when they lack rows that are asked for', async () => {
    const record = await writeShard(folder, 'e.columns', table(20, [10, 10]));
    for (const part of [
      { group: 1, first: 0, end: 11 },
      { group: 2, first: 0, end: 1 },
    ]) {
      await expect(readShard(folder, record, { rows: [part] })).rejects.toThrow(
        'e.columns: shard is damaged',
      );
    }
  });

  it('with damage elsewhere give their good rows', async () => {
    const record = await writeShard(folder, 'c.columns', table(600, [300, 300]));
    const path = join(folder, 'c.columns');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(path, bytes);
    const first = { columns: ['score'], rows: [{ group: 0, first: 0, end: 300 }] };
    expect((await readShard(folder, record, first)).rows).toBe(300);
    const second = { columns: ['score'], rows: [{ group: 1, first: 299, end: 300 }] };
    await expect(readShard(folder, record, second)).rejects.toThrow('shard is damaged');
  });
});

describe('exact draws', () => {
  const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);

  it('take as many as wanted from piles, and nothing twice before everything is taken once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { minLength: 1 }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.nat(),
        (sizes, part, seed) => {
          const wanted = Math.floor(part * total(sizes));
          const drawn = drawnFromEach(sizes, wanted, createGenerator(seed));
          expect(total(drawn)).toBe(wanted);
          const times = Math.floor(wanted / Math.max(1, total(sizes)));
          drawn.forEach((count, pile) => {
            expect(count).toBeGreaterThanOrEqual(times * sizes[pile]);
            expect(count).toBeLessThanOrEqual((times + 1) * sizes[pile]);
          });
        },
      ),
    );
  });

  it('take stretches of a group, in rising order and of the wanted length', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (rows, part, seed) => {
        const wanted = Math.floor(part * rows);
        const stretches = drawnStretch(3, rows, wanted, createGenerator(seed));
        expect(total(stretches.map(({ first, end }) => end - first))).toBe(wanted);
        let before = 0;
        for (const { group, first, end } of stretches) {
          expect([group, first >= before, end > first, end <= rows]).toEqual([3, true, true, true]);
          before = end;
        }
      }),
    );
  });

  it('have the counts of a uniform draw', () => {
    const piles = new Array<number>(3).fill(0);
    const squares = new Array<number>(3).fill(0);
    const draws = 4000;
    for (let seed = 0; seed < draws; seed++) {
      drawnFromEach([100, 200, 300], 60, createGenerator(seed)).forEach((count, pile) => {
        piles[pile] += count;
        squares[pile] += count ** 2;
      });
    }
    piles.forEach((sum, pile) => {
      const share = (pile + 1) / 6;
      const variance = 60 * share * (1 - share) * (540 / 599);
      const mean = sum / draws;
      expect(Math.abs(mean - 60 * share)).toBeLessThan(4 * Math.sqrt(variance / draws));
      expect(Math.abs(squares[pile] / draws - mean ** 2 - variance)).toBeLessThan(0.1 * variance);
    });
  });

  it('of very many take no longer', () => {
    const sizes = new Array<number>(2000).fill(65_536);
    const drawn = drawnFromEach(sizes, 7_000_001, createGenerator(1));
    expect(total(drawn)).toBe(7_000_001);
    expect(Math.min(...drawn)).toBeGreaterThan(3100);
    expect(Math.max(...drawn)).toBeLessThan(3900);
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
        tallies: { rows: Float64Array.of(batches.flat().length) },
        rows: Int32Array.from(batches, ({ length }) => length),
        badBatch: -1,
      };
    },
    evaluate: async () => ({ means: {}, tallies: {} }),
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
    const { rows, tallies } = await fed.train({
      dataset: 'train',
      order: new Int32Array(0),
      batchSize: 8,
      firstBatch,
      endBatch,
      step: (epoch - 1) * 10 + firstBatch + 1,
      learningRates: new Float32Array(endBatch - firstBatch),
      seed: 1,
    });
    lengths.push(...rows);
    expect(tallies['rows'][0]).toBe(rows.reduce((sum, count) => sum + count, 0));
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
    const request = { dataset: 'train', order: new Int32Array(0), batchSize: 8, firstBatch: 0, endBatch: 1 };
    await expect(
      fed.train({ ...request, step: 1, learningRates: new Float32Array(1), seed: 1 }),
    ).rejects.toThrow('shard gone');
    await fed.close();
  });
});
