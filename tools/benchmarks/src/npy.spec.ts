import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseNpy } from '@hep/test-support';
import { readFloat32, readFloat64, writeNpy } from './npy.ts';

describe('npy files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'npy-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'array.npy');

  it('hold what other readers of the format find', () => {
    writeNpy(path, Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    const { shape, data } = parseNpy(Uint8Array.from(readFileSync(path)));
    expect([...shape]).toEqual([2, 3]);
    expect(Array.from(data, Number)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('come back into shared memory', () => {
    writeNpy(path, Float32Array.of(1.5, -2), [2]);
    expect([...readFloat32(path)]).toEqual([1.5, -2]);
    expect(readFloat32(path).buffer).toBeInstanceOf(SharedArrayBuffer);
    writeNpy(path, Float64Array.of(0.1, 1e-300), [1, 2]);
    expect([...readFloat64(path)]).toEqual([0.1, 1e-300]);
  });
});
