import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WeightCodes } from '@hep/quant';
import { parseNpy } from '@hep/test-support';
import { crc32 } from 'node:zlib';
import { writeQuantisedWeights } from './weight-code-files.ts';

const kernel: WeightCodes = {
  layer: 'd',
  weight: 'kernel',
  shape: [2, 2],
  quantiser: 'quantized_bits(5,1,0,alpha=1)',
  bits: 5,
  values: Float32Array.of(0.5, -0.125, -0, 1.875),
  steps: [1 / 8],
  codes: Int32Array.of(4, -1, 0, 15),
};

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'codes-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Files of a ZIP archive without compression, read from its directory. */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.length - 22;
  expect(bytes.readUInt32LE(end)).toBe(0x06054b50);
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < bytes.readUInt16LE(end + 10); i++) {
    expect(bytes.readUInt32LE(at)).toBe(0x02014b50);
    const [size, nameLength, local] = [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt32LE(at + 42),
    ];
    const name = bytes.toString('latin1', at + 46, at + 46 + nameLength);
    const start = local + 30 + bytes.readUInt16LE(local + 26);
    const data = bytes.subarray(start, start + size);
    expect(crc32(data)).toBe(bytes.readUInt32LE(at + 16));
    files.set(name, data);
    at += 46 + nameLength;
  }
  return files;
}

it('writes values, codes, steps and bits as JSON, CSV and NumPy archive', async () => {
  const [json, csv, npz] = await writeQuantisedWeights(folder, 'encoder_x', [kernel]);
  expect(JSON.parse(await readFile(json, 'utf8'))).toEqual({
    tensors: [{ ...kernel, values: [0.5, -0.125, 0, 1.875], codes: [4, -1, 0, 15] }],
  });
  expect((await readFile(csv, 'utf8')).split('\n').slice(0, 3)).toEqual([
    'layer,weight,element,value,code,step,bits',
    'd,kernel,0,0.5,4,0.125,5',
    'd,kernel,1,-0.125,-1,0.125,5',
  ]);
  const files = unzip(await readFile(npz));
  const array = (name: string) => {
    const { shape, data } = parseNpy(files.get(`d/kernel${name}.npy`)!);
    return [[...shape], Array.from(data as Float32Array, (value) => value + 0)];
  };
  expect(array('')).toEqual([
    [2, 2],
    [0.5, -0.125, 0, 1.875],
  ]);
  expect(array('.code')).toEqual([
    [2, 2],
    [4, -1, 0, 15],
  ]);
  expect(array('.step')).toEqual([[1], [0.125]]);
  expect(array('.bits')).toEqual([[1], [5]]);
});
