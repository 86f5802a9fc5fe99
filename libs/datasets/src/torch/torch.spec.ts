import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipArchive } from '@hep/files';
import { goldenPath, temporaryFolder } from '@hep/test-support';
import fc from 'fast-check';
import * as op from '../pickle/testing/pickle-program.ts';
import { readTorchTensors } from '../torch.ts';

const folder = await temporaryFolder();

async function read(bytes: Uint8Array) {
  const path = join(folder, 'written.pth');
  await writeFile(path, bytes);
  return readTorchTensors(path);
}

/** Element i of tensor k of the golden networks. */
const sawtooth = (count: number, k: number) =>
  Array.from({ length: count }, (_, i) => (((7 * (i + k)) % 31) - 15) / 16);

describe.each(['named', 'sequence', 'normalised', 'leaky'])('%s.pth', (name) => {
  const path = goldenPath('torch', `${name}.pth`);

  it('gives every tensor in its shape', async () => {
    const tensors = await readTorchTensors(path);
    const model = [...tensors].filter(([key]) => !key.startsWith('opt/'));
    const prefix = name === 'normalised' ? '' : 'model/';
    expect(model[0][0]).toBe(`${prefix}${name === 'leaky' ? 'encoder.0.weight' : 'en1.weight'}`);
    expect(model[0][1].shape).toEqual([5, 4]);
    model.forEach(([key, { shape, values }], k) => {
      expect(values.length).toBe(shape.reduce((product, size) => product * size, 1));
      if (name === 'sequence' || key.endsWith('num_batches_tracked')) return;
      const numbers = sawtooth(values.length, k);
      const expected = key.endsWith('running_var') ? numbers.map((value) => Math.abs(value) + 0.5) : numbers;
      expect([...values]).toEqual(expected);
    });
  });

  it('is read or told when it is damaged, but neither hangs nor crashes', async () => {
    const whole = await readFile(path);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.oneof({ weight: 3, arbitrary: fc.constant(whole.length) }, fc.nat(whole.length)),
        async (changes, length) => {
          const bytes = Buffer.from(whole);
          for (const [position, byte] of changes) bytes[position] = byte;
          const outcome = await read(bytes.subarray(0, length)).catch((error: Error) => error);
          if (outcome instanceof Error && outcome.name !== 'UserError') throw outcome;
        },
      ),
      { numRuns: 300 },
    );
  });
});

const FLOATS = op.global('torch', 'FloatStorage');
const storage = (count: number, key = '0', type = FLOATS): Buffer =>
  Buffer.concat([
    op.tuple(op.text('storage'), type, op.text(key), op.text('cpu'), op.integer(count)),
    op.operation(0x51),
  ]);
const tensor = (of: Buffer, offset: number, shape: readonly number[], strides: readonly number[]): Buffer =>
  op.call(
    op.global('torch._utils', '_rebuild_tensor_v2'),
    ...[of, op.integer(offset), op.tuple(...shape.map(op.integer)), op.tuple(...strides.map(op.integer))],
    ...[op.operation(0x89), op.call(op.global('collections', 'OrderedDict'))],
  );
const archive = (value: Buffer, numbers: readonly number[] = [1, 2, 3, 4, 5, 6]) =>
  zipArchive({
    'a/data.pkl': op.program(value),
    'a/data/0': new Uint8Array(Float32Array.from(numbers).buffer),
  });

describe('an archive', () => {
  it('gives views with their offsets and strides, and what two tensors share', async () => {
    const all = storage(6);
    const tensors = await read(
      archive(
        op.dict({
          turned: tensor(all, 0, [3, 2], [1, 3]),
          part: tensor(all, 1, [2], [2]),
          none: tensor(all, 0, [0, 3], [3, 1]),
        }),
      ),
    );
    expect(tensors.get('turned')).toEqual({ shape: [3, 2], values: Float32Array.of(1, 4, 2, 5, 3, 6) });
    expect(tensors.get('part')!.values).toEqual(Float32Array.of(2, 4));
    expect(tensors.get('none')!.values).toHaveLength(0);
  });

  const one = (value: Buffer) => archive(op.dict({ w: value }));
  const shared = op.dict(
    Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`w${i}`, tensor(storage(3000), 0, [3000], [1])]),
    ),
  );

  it.each([
    [
      'a function',
      one(op.call(op.global('os', 'system'), op.text('echo harm'))),
      'data.pkl byte 10: forbidden global os.system; only tensors are read, never code',
    ],
    ['a function of PyTorch', one(op.global('torch', 'load')), 'forbidden global torch.load'],
    [
      'a class of a table',
      one(op.global('pandas.core.frame', 'DataFrame')),
      'forbidden global pandas.core.frame.DataFrame',
    ],
    ['a whole model', op.program(op.newObject(op.global('__main__', 'Net'))), 'is no file of torch.save'],
    [
      'more numbers than the storage has',
      one(tensor(storage(6), 0, [7], [1])),
      'tensor w of shape 7 in a storage of 6 numbers',
    ],
    [
      'numbers after its end',
      one(tensor(storage(6), 3, [2, 2], [2, 1])),
      'tensor w of shape 2 x 2 in a storage of 6 numbers',
    ],
    [
      'one number a billion times',
      one(tensor(storage(6), 0, [100000, 100000], [0, 0])),
      'tensor w of shape 100000 x 100000',
    ],
    [
      'a storage that claims more than it has',
      one(tensor(storage(2 ** 30), 0, [1], [1])),
      'storage 0 has 24 bytes, expected 1073741824 numbers of type f4',
    ],
    ['a storage that is not there', one(tensor(storage(6, '7'), 0, [1], [1])), 'storage 7 is missing'],
    [
      'a storage of two types',
      one(
        Buffer.concat([
          storage(6),
          op.operation(0x30),
          tensor(storage(3, '0', op.global('torch', 'DoubleStorage')), 0, [1], [1]),
        ]),
      ),
      'storage 0 with two types or counts',
    ],
    [
      'the same numbers again and again',
      archive(
        shared,
        Array.from({ length: 3000 }, () => 1),
      ),
      'used again and again',
    ],
    ['a negative size', one(tensor(storage(6), 0, [-1], [1])), 'sizes or strides of a tensor'],
    ['no dict', archive(op.list()), 'holds a list, expected a state_dict'],
    ['no program', zipArchive({ 'a/b.txt': Buffer.of(1) }), 'a ZIP archive without data.pkl'],
    [
      'another outside object',
      archive(Buffer.concat([op.text('x'), op.operation(0x51)])),
      'no whole storage of numbers',
    ],
    ['a table', op.program(op.dict({})), 'is no file of torch.save'],
    ['a text', Buffer.from('m,pt,phi,eta\n'), 'is no file of torch.save'],
    ['nothing', Buffer.alloc(0), 'is no file of torch.save'],
  ])('is refused for %s', async (_, bytes, message) => {
    const error = (await read(bytes).catch((reason: Error) => reason)) as Error;
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringContaining(message) });
    expect(error.message).not.toContain('\n');
  });

  it('cannot take time by dicts that hold each other', async () => {
    const doubled = [op.dict({}), op.put(0)];
    for (let i = 1; i < 100; i++)
      doubled.push(op.operation(0x30), op.dict({ a: op.get(i - 1), b: op.get(i - 1) }), op.put(i));
    expect((await read(archive(Buffer.concat(doubled)))).size).toBe(0);
  });
});
