import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import type { HostState } from '@hep/engine';
import { UserError } from '@hep/options';
import { temporaryFolder } from '../testing/fit-linear.ts';
import { atomicWrite, storageError } from '@hep/files';
import type { FileData } from '@hep/files';
import { encodeCheckpoint, readCheckpoint } from './checkpoint-file.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { initialLoopState } from './loop-state.ts';
import type { LoopState } from './loop-state.ts';
import { modelSignature } from './model-signature.ts';

const state: HostState = {
  trainable: { shape: [3], values: Float32Array.of(1, -0, 3e-45) },
  'slot/m': { shape: [2, 2], values: Float32Array.of(4, 5, 6, 7) },
  scalar: { shape: [], values: Float32Array.of(8) },
};
const model = modelSignature('encoder', state);
const identity = { seed: 1, batchSize: 2, trainRows: 10, validationRows: 0 };
const loopAt = (change: Partial<LoopState> = {}): LoopState => ({ ...initialLoopState(identity), ...change });

async function written(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'a.checkpoint');
  await writeFile(path, bytes);
  return path;
}

describe('a checkpoint file', () => {
  const loop = loopAt({
    epoch: 4,
    nextBatch: 3,
    sums: { loss: 0.1 + 0.2 },
    callbacks: { early: { best: Infinity, last: NaN, names: ['ü'] } },
    history: [{ epoch: 1, values: { loss: NaN }, learningRate: 1e-3, seconds: 2 }],
  });

  it('gives everything back, bit for bit', async () => {
    const found = await readCheckpoint(await written(encodeCheckpoint({ loop, model, state })));
    expect(found).toEqual({ loop, model, state });
    expect(Object.is(found.state['trainable'].values[1], -0)).toBe(true);
  });

  it.each<[string, (header: string) => string]>([
    ['its header is not JSON', (header) => header.slice(1)],
    ['its header is not JSON', () => '['.repeat(100_000)],
    ['its header is wrong at its start', () => 'null'],
    ['its header is wrong at loop.epoch', (header) => header.replace('"epoch":4', '"epoch":"4"')],
    ['its header is wrong at blocks.0.shape', (header) => header.replace('"shape":[3],"offset"', '"offset"')],
    ['its tensors are not those of its model', (header) => header.replace('[3],"offset"', '[4],"offset"')],
    ['tensor trainable does not fit', (header) => header.replace('"offset":0', '"offset":4000')],
  ])('with a right checksum is refused when %s', async (complaint, change) => {
    const sound = Buffer.from(encodeCheckpoint({ loop, model, state }));
    const begin = 24 + sound.readUInt32LE(12);
    const changed = change(sound.toString('utf8', 24, begin).trimEnd());
    const header = Buffer.from(changed.padEnd(8 * Math.ceil(changed.length / 8)));
    const body = Buffer.concat([sound.subarray(0, 24), header, sound.subarray(begin, -32)]);
    body.writeUInt32LE(header.length, 12);
    body.writeBigUInt64LE(BigInt(body.length + 32), 16);
    const path = await written(Buffer.concat([body, createHash('sha256').update(body).digest()]));
    const refused = readCheckpoint(path);
    await expect(refused).rejects.toBeInstanceOf(UserError);
    await expect(refused).rejects.toThrow(complaint);
  });

  it('is refused with any byte flipped, wherever it is', async () => {
    const bytes = encodeCheckpoint({ loop, model, state });
    const path = await written(bytes);
    const anyFlip = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(anyFlip, async ([position, bits]) => {
        const flipped = Uint8Array.from(bytes);
        flipped[position] ^= bits;
        await writeFile(path, flipped);
        await expect(readCheckpoint(path)).rejects.toBeInstanceOf(UserError);
      }),
      { numRuns: 60 },
    );
  });

  it('tells what is wrong in one line', async () => {
    const bytes = encodeCheckpoint({ loop, model, state });
    const failing = async (content: Uint8Array) => {
      const path = await written(content);
      const error = await readCheckpoint(path).catch((thrown: Error) => thrown);
      return (error as Error).message.replace(path, 'FILE');
    };
    const flipped = Uint8Array.from(bytes);
    flipped[bytes.length - 50] ^= 4;
    expect(await failing(flipped)).toBe(
      'FILE: checkpoint is damaged, its checksum differs; use another checkpoint',
    );
    expect(await failing(bytes.subarray(0, 100))).toBe(
      `FILE: checkpoint is truncated, 100 of ${bytes.length} bytes; use another checkpoint`,
    );
    expect(await failing(bytes.subarray(0, 7))).toMatch(/^FILE: checkpoint is truncated, 7 of /);
    expect(await failing(Buffer.from('epoch,loss\n1,0.5\n2,0.4\n3,0.3\n'))).toBe(
      'FILE: not a checkpoint, or its first bytes are damaged; use another one',
    );
    expect(await failing(ofVersion(bytes, 2))).toBe(
      'FILE: written by a newer program (checkpoint format 2, this one reads up to 1); update',
    );
    await expect(readCheckpoint('/nowhere/a')).rejects.toThrow(
      '/nowhere/a: checkpoint cannot be read, no such file; check the name',
    );
  });
});

describe('CheckpointStore', () => {
  it('keeps the newest ones and the best epochs that they refer to', async () => {
    const folder = await temporaryFolder();
    const store = new CheckpointStore(folder, model, { keep: 2 });
    const best = (epoch: number) => ({ epoch, monitor: 'val_loss', value: 0 });
    const save = (epoch: number, bestEpoch: number, nextBatch = 0) =>
      store.save(loopAt({ epoch, nextBatch, best: best(bestEpoch) }), state);
    for (const epoch of [1, 2, 3, 4]) await save(epoch, 1);
    await save(4, 1, 7);
    expect(await names(folder)).toEqual(['epoch-0001', 'epoch-0004', 'epoch-0004-batch-000007']);
    await save(5, 5);
    expect(await names(folder)).toEqual(['epoch-0001', 'epoch-0004-batch-000007', 'epoch-0005']);
    await new CheckpointStore(folder, model).save(loopAt({ epoch: 6, best: best(5) }), state);
    expect(await names(folder)).toEqual(['epoch-0005', 'epoch-0006']);
  });

  it('goes back to the newest whole checkpoint', async () => {
    const folder = await temporaryFolder();
    const store = new CheckpointStore(folder, model, { keep: 3 });
    expect(await store.newest()).toBeNull();
    for (const epoch of [9, 10, 11]) await store.save(loopAt({ epoch }), state);
    for (const epoch of [10, 11]) await damage(store.pathOfEpoch(epoch));
    const recovered = await store.newest();
    expect(recovered).toMatchObject({ path: store.pathOfEpoch(9), checkpoint: { loop: { epoch: 9 } } });
    expect(recovered!.damaged).toHaveLength(2);
    await damage(store.pathOfEpoch(9));
    await expect(store.newest()).rejects.toThrow(`${store.pathOfEpoch(11)}: checkpoint is damaged`);
  });

  it.each([
    [modelSignature('decoder', state), 'its model is "encoder", this run\'s is "decoder"'],
    [modelSignature('encoder', state, [{ name: 'kernel', shape: [3] }]), 'it lacks the parameter kernel'],
    [modelSignature('encoder', { trainable: state['trainable'] }), 'this model lacks its parameter slot/m'],
    [
      modelSignature('encoder', { ...state, scalar: { shape: [2], values: new Float32Array(2) } }),
      "its parameter scalar is a scalar, this model's is 2",
    ],
  ])('refuses a checkpoint of another model', async (other, difference) => {
    const folder = await temporaryFolder();
    const path = await new CheckpointStore(folder, model).save(loopAt(), state);
    await expect(new CheckpointStore(folder, other).newest()).rejects.toThrow(
      `${path}: checkpoint of another model, ${difference}; use one of this model, or the options of that run`,
    );
  });

  it('makes room on a full disk by dropping older checkpoints, and loses none when that fails', async () => {
    const folder = await temporaryFolder();
    const room = (files: number) => async (path: string, data: FileData) => {
      const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      if ((await readdir(folder)).length >= files) throw storageError(full, path);
      await atomicWrite(path, data);
    };
    const store = new CheckpointStore(folder, model, { keep: 2, write: room(2) });
    for (const epoch of [1, 2, 3]) await store.save(loopAt({ epoch }), state);
    expect(await names(folder)).toEqual(['epoch-0002', 'epoch-0003']);
    const full = new CheckpointStore(folder, model, { write: room(0) });
    await expect(full.save(loopAt({ epoch: 4 }), state)).rejects.toThrow(
      `${store.pathOfEpoch(4)}: cannot be written, no space left on the disk; free some space or choose another place`,
    );
    expect((await readCheckpoint(store.pathOfEpoch(3))).loop.epoch).toBe(3);
  });
});

async function names(folder: string): Promise<string[]> {
  return (await readdir(folder)).map((name) => name.replace('.checkpoint', '')).sort();
}

async function damage(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] ^= 16;
  await writeFile(path, bytes);
}

function ofVersion(bytes: Uint8Array, version: number): Uint8Array {
  const file = Buffer.from(bytes);
  file.writeUInt32LE(version, 8);
  file.set(createHash('sha256').update(file.subarray(0, -32)).digest(), file.length - 32);
  return file;
}
