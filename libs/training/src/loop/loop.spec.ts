import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import fc from 'fast-check';
import { workerModule } from '@hep/workers';
import { openRunDirectory } from '../index.ts';
import { temporaryFolder } from '../testing/fit-linear.ts';
import { epochOrder } from './epoch-order.ts';
import { Pace } from './pace.ts';

describe('epochOrder', () => {
  it('is a permutation that depends only on seed and epoch', () => {
    const cases = fc.tuple(fc.integer({ min: 1, max: 9000 }), fc.integer(), fc.integer({ min: 1, max: 500 }));
    fc.assert(
      fc.property(cases, ([rows, seed, epoch]) => {
        const order = epochOrder(rows, seed, epoch);
        expect(new Set(order).size).toBe(rows);
        expect(Buffer.compare(bytesOf(epochOrder(rows, seed, epoch)), bytesOf(order))).toBe(0);
      }),
      { numRuns: 20 },
    );
    expect(epochOrder(50, 1, 1)).not.toEqual(epochOrder(50, 1, 2));
    expect(epochOrder(50, 1, 1)).not.toEqual(epochOrder(50, 2, 1));
  });

  it('moves every row to every place equally often', () => {
    const counts = new Array<number>(16).fill(0);
    for (let epoch = 1; epoch <= 4000; epoch++) {
      epochOrder(4, 9, epoch).forEach((row, place) => counts[4 * row + place]++);
    }
    // 1000 expected, standard deviation 27.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * 27);
  });
});

describe('Pace', () => {
  it('starts with one batch and grows towards the target', () => {
    const pace = new Pace(0.4);
    const lengths = [3, 0.01, 0.01, 0.01, 0.01, 0.01].map((secondsPerBatch) => {
      const batches = pace.next();
      pace.took(batches, batches * secondsPerBatch);
      return batches;
    });
    expect(lengths).toEqual([1, 1, 4, 16, 40, 40]);
    pace.took(1, 1000);
    expect(pace.next()).toBe(1);
  });
});

describe('Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s saves a checkpoint and ends with exit code 130',
    async (signal) => {
      const run = join(await temporaryFolder(), 'run');
      const program = fileURLToPath(
        await workerModule(new URL('../testing/train-linear.ts', import.meta.url)),
      );
      const child = spawn(process.execPath, [program, run, '10']);
      child.stdout.once('data', () => child.kill(signal));
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect(code).toBe(130);
      const { record } = await openRunDirectory(run);
      expect(record).toMatchObject({ status: 'interrupted', result: { stoppedBy: 'interrupt' } });
    },
  );
});

function bytesOf({ buffer }: Int32Array): Buffer {
  return Buffer.from(buffer as SharedArrayBuffer);
}
