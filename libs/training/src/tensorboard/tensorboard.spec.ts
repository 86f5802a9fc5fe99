import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fit, tensorBoard } from '../index.ts';
import { events, inner, text } from '../testing/event-records.ts';
import { linearFit, temporaryFolder } from '../testing/fit-linear.ts';
import { crc32c } from './crc32c.ts';
import { EventWriter } from './event-writer.ts';
import { histogramOf } from './histogram.ts';

describe('event files', () => {
  it('have the checksum of the standard', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });

  it('hold scalars and histograms of each epoch', async () => {
    const folder = await temporaryFolder();
    const result = await fit(linearFit({ epochs: 2, callbacks: [tensorBoard({ folder, histograms: {} })] }));
    const [file] = await readdir(join(folder, 'train'));
    expect(file).toMatch(/^events\.out\.tfevents\.\d+\.0000$/);
    const [first, ...rest] = await events(join(folder, 'train', file));
    expect(text(first.get(3)![0])).toBe('brain.Event:2');
    const tags = rest.map((event) => [event.get(2)![0], text(inner(inner(event, 5), 1).get(1)![0])]);
    const perEpoch = ['epoch_loss', 'epoch_learning_rate', 'weights', 'momentum', 'variance'];
    expect(tags).toEqual([0, 1].flatMap((step) => perEpoch.map((tag) => [step, tag])));
    expect(inner(inner(rest[0], 5), 1).get(2)![0]).toBe(Math.fround(result.history[0].values['loss']));
    const validation = await events(
      join(folder, 'validation', (await readdir(join(folder, 'validation')))[0]),
    );
    expect(validation).toHaveLength(3);
  });

  it('go on in a new file that withdraws later steps, after cutting a torn record', async () => {
    const folder = await temporaryFolder();
    const older = await EventWriter.open(folder);
    older.scalar('a', 300, 1);
    await older.flush();
    await appendFile(older.path, Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 1]));
    const newer = await EventWriter.open(folder, 300);
    expect(await events(older.path)).toHaveLength(2);
    const [, restart] = await events(newer.path);
    expect(restart.get(2)).toEqual([300]);
    expect([...inner(restart, 7)]).toEqual([[1, [1]]]);
  });
});

describe('histogramOf', () => {
  it('counts every value in buckets of equal width', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const { limits, counts, ...totals } = histogramOf(values, 10);
    expect(counts.reduce((a, b) => a + b)).toBe(1000);
    expect(limits.at(-1)).toBe(totals.max);
    const expected = limits.map(
      (limit, i) => values.filter((v) => (i === 9 || v < limit) && (i === 0 || v >= limits[i - 1])).length,
    );
    expect(counts).toEqual(expected);
    expect(totals.sum).toBeCloseTo(
      values.reduce((a, b) => a + b),
      3,
    );
  });

  it('puts equal values into one bucket', () => {
    expect(histogramOf(Float32Array.of(2, 2))).toMatchObject({ min: 2, max: 2, counts: [2], limits: [2.5] });
  });
});
