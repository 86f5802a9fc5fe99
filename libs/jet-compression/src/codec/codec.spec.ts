import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '@hep/files';
import { UserError } from '@hep/options';
import { temporaryFolder } from '@hep/test-support';
import fc from 'fast-check';
import { jetFileBytes, openJetFile } from './container.ts';
import type { JetFileHeader } from './container.ts';
import { packedBytes, packLatent, parseLatentFormat, unpackLatent, widenedRanges } from './latent-format.ts';

const folder = await temporaryFolder();
const header: JetFileHeader = {
  network: 'AE_3D_200',
  fingerprint: 'abc',
  variables: ['m', 'pt', 'phi', 'eta'],
  latent: 3,
  format: { kind: 'float32' },
};

async function* blocksOf(...blocks: Float32Array[]) {
  yield* blocks;
}

async function written(name: string, file: JetFileHeader, ...blocks: Float32Array[]): Promise<string> {
  const path = join(folder, name);
  await atomicWrite(path, jetFileBytes(file, blocksOf(...blocks)));
  return path;
}

async function allOf(path: string): Promise<number[]> {
  const file = await openJetFile(path);
  try {
    const values: number[] = [];
    for await (const block of file.blocks()) values.push(...block);
    return values;
  } finally {
    await file.close();
  }
}

describe('latent formats', () => {
  it('in whole numbers come back within half a step, whatever the bits', () => {
    const values = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 24 }), (numbers, bits) => {
        const given = Float32Array.from(numbers);
        const ranges = widenedRanges(given, 1);
        const format = { kind: 'uniform', bits, ranges } as const;
        const packed = packLatent(format, given);
        expect(packed.length).toBe(packedBytes(format, given.length));
        const step = (ranges[0].max - ranges[0].min) / (2 ** bits - 1);
        unpackLatent(format, packed, given.length).forEach((value, i) =>
          expect(Math.abs(value - given[i])).toBeLessThanOrEqual(step / 2 + 1e-6),
        );
      }),
    );
  });

  it('that are none are refused', () => {
    const range = { min: 0, max: 1 };
    for (const wrong of [null, { kind: 'float8' }, { kind: 'uniform', bits: 25, ranges: [range] }]) {
      expect(() => parseLatentFormat(wrong, 1, 'a')).toThrow('a: unknown format of the latent variables');
    }
    expect(() => parseLatentFormat({ kind: 'uniform', bits: 8, ranges: [range] }, 2, 'a')).toThrow(UserError);
  });
});

describe('files of compressed jets', () => {
  const first = Float32Array.of(1, 2, 3, 4, 5, 6);
  const second = Float32Array.of(-0.5, 0.25, 1e-3);

  it('come back block by block', async () => {
    const path = await written('a.jets', header, first, new Float32Array(0), second);
    expect(await allOf(path)).toEqual([...first, ...second]);
    const file = await openJetFile(path);
    expect(file.header).toEqual(header);
    await file.close();
  });

  it('may be empty', async () => {
    expect(await allOf(await written('empty.jets', header))).toEqual([]);
  });

  it('are half as large in float16', async () => {
    const many = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i));
    const size = async (name: string, format: JetFileHeader['format']) =>
      (await readFile(await written(name, { ...header, format }, many))).length;
    expect((await size('32.jets', { kind: 'float32' })) - (await size('16.jets', { kind: 'float16' }))).toBe(
      6000,
    );
  });

  it('that are cut off or changed anywhere are refused', async () => {
    const bytes = await readFile(await written('whole.jets', header, first, second));
    const path = join(folder, 'damaged.jets');
    for (let length = 0; length < bytes.length; length++) {
      await writeFile(path, bytes.subarray(0, length));
      await expect(allOf(path)).rejects.toThrow(UserError);
    }
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 0x11;
      await writeFile(path, changed);
      await expect(allOf(path)).rejects.toThrow(UserError);
    }
    await writeFile(path, Buffer.concat([bytes, Buffer.of(0)]));
    await expect(allOf(path)).rejects.toThrow('1 bytes after the end');
  });

  it('are told from other files', async () => {
    const path = join(folder, 'other.jets');
    await writeFile(path, 'm,pt,phi,eta\n');
    await expect(openJetFile(path)).rejects.toThrow('is no file of compressed jets');
    await expect(openJetFile(join(folder, 'absent.jets'))).rejects.toThrow('no such file');
  });
});
