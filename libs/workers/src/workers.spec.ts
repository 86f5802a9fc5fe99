import { connect, startWorker, WorkerPool } from './index.ts';
import type { Connection } from './index.ts';
import type { Arithmetic } from './fixtures/arithmetic.ts';

const entry = new URL('./fixtures/arithmetic.ts', import.meta.url);

describe('one worker', () => {
  let service: Connection<Arithmetic>;
  beforeEach(async () => {
    service = connect<Arithmetic>(await startWorker(entry));
  });
  afterEach(() => service.close());

  it('answers typed calls, transfers buffers and shares memory', async () => {
    expect(await service.call('square', 7)).toBe(49);
    expect([...(await service.call('fill', { length: 3, value: 2.5 }))]).toEqual([2.5, 2.5, 2.5]);
    const shared = new Float64Array(new SharedArrayBuffer(16));
    shared.set([1, 2]);
    await service.call('doubleShared', shared);
    expect([...shared]).toEqual([2, 4]);
  });

  it('lets async operations overlap', async () => {
    const order: number[] = [];
    const calls = [30, 1].map(async (delay) => order.push(await service.call('sleepThenNegate', delay)));
    await Promise.all(calls);
    expect(order).toEqual([-1, -30]);
  });

  it('moves transferred arguments', async () => {
    const values = new Float64Array(2);
    await service.call('doubleShared', values, [values.buffer]);
    expect(values.length).toBe(0);
  });

  it('keeps name, message and stack of an error', async () => {
    const error = await service.call('failLikeAUser', '--epochs').catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'UserError', message: '--epochs: expected a number' });
    expect((error as unknown as Error).stack).toContain('failLikeAUser');
    expect(await service.call('square', 2)).toBe(4);
  });

  it('reports a result that cannot be sent', async () => {
    await expect(service.call('cannotBeCloned', '')).rejects.toMatchObject({ name: 'DataCloneError' });
  });

  it('rejects every open and later call when the worker stops', async () => {
    const waiting = expect(service.call('neverAnswer', '')).rejects.toThrow('exit code 3 before it answered');
    await expect(service.call('crash', 3)).rejects.toThrow('exit code 3');
    await waiting;
    await expect(service.call('square', 1)).rejects.toThrow('exit code 3');
  });

  it('rejects open calls when it is closed', async () => {
    const waiting = expect(service.call('neverAnswer', '')).rejects.toThrow('worker was closed');
    await service.close();
    await waiting;
  });
});

describe('startWorker', () => {
  it('says which files it looked for', async () => {
    await expect(startWorker(new URL('./absent-worker.ts', import.meta.url))).rejects.toThrow(
      /absent-worker\.ts not found, nor .*absent-worker\.js/,
    );
  });
});

describe('WorkerPool', () => {
  let pool: WorkerPool<Arithmetic>;
  const start = async (size: number) => (pool = await WorkerPool.start<Arithmetic>(entry, size));
  afterEach(() => pool.close());

  it('keeps the order of the payloads whatever worker finishes first', async () => {
    await start(2);
    expect(await pool.map('sleepThenNegate', [25, 1, 2, 15])).toEqual([-25, -1, -2, -15]);
    expect(new Set(await pool.broadcast('thread', '')).size).toBe(pool.size);
  });

  it('takes payloads as they are made, and tells results as they come', async () => {
    await start(2);
    const gate = new Int32Array(new SharedArrayBuffer(4));
    async function* made() {
      for (const value of [0, 1, 2]) {
        yield value === 0 ? { gate, value } : { value };
      }
    }
    const told: number[] = [];
    const results = await pool.map('answerWhen', made(), (result) => {
      told.push(result);
      if (result === 2) {
        Atomics.store(gate, 0, 1);
        Atomics.notify(gate, 0);
      }
    });
    expect([results, told]).toEqual([
      [0, 1, 2],
      [1, 2, 0],
    ]);
  });

  it('rejects a map whose payloads cannot be made', async () => {
    const failing = async function* () {
      yield 1;
      throw new Error('no more');
    };
    await start(2);
    await expect(pool.map('square', failing())).rejects.toThrow('no more');
  });

  it('rejects a map at its first error and survives it', async () => {
    await start(1);
    await expect(pool.map('failLikeAUser', ['a', 'b'])).rejects.toThrow('a: expected a number');
    expect(await pool.map('square', [])).toEqual([]);
  });
});

it('refuses a pool of less than one worker', async () => {
  await expect(WorkerPool.start(entry, 0)).rejects.toThrow('0 workers asked for; expected 1 or more');
});
